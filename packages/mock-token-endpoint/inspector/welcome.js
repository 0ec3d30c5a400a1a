// @ts-check
/** What stands in place of an exchange while none is chosen: where the mock is and how to ask it. */
import { element } from './dom.js';

/** @param {Readonly<Record<string, any>>} overview  as the control interface gives it */
export function welcome({ authorityHost, tenantId, clientId, scope, issuer, apiBaseUrl, mtlsOrigin, platformUrl }) {
  const facts = [
    ['Token endpoint', `${authorityHost}/${tenantId}/oauth2/v2.0/token`],
    ['Client id', clientId],
    ['Scope', scope],
    ['API', apiBaseUrl],
    ['Issuer of the RFC face', issuer],
    ['With client certificates', mtlsOrigin],
    ['Managed identities', platformUrl],
  ];
  return [
    element('h2', { id: 'detail-title' }, 'Choose an exchange'),
    element(
      'p',
      { class: 'muted' },
      'Every request that reaches the mock appears on the left the moment it is answered. This is where to send one:',
    ),
    element('section', {}, element('dl', { class: 'fields' }, ...facts.map(fact))),
  ];
}

/** @param {readonly string[]} fact  name and value */
function fact([name = '', value = '']) {
  return element('div', { class: 'field' }, element('dt', {}, name), element('dd', { class: 'value' }, element('code', {}, value)));
}
