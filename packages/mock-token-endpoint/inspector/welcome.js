// @ts-check
/** What stands in place of an exchange while none is chosen: where the mock is and how to ask it. */
import { tokenCommand } from './curl.js';
import { element, find } from './dom.js';

/**
 * @typedef {object} Welcome
 * @property {readonly HTMLElement[]} content
 * @property {(isEmpty: boolean) => void} setEmpty  whether there is nothing to choose from yet
 */

/**
 * @param {Readonly<Record<string, any>>} overview  as the control interface gives it
 * @returns {Welcome}
 */
export function createWelcome({ authorityHost, tenantId, clientId, scope, issuer, apiBaseUrl, mtlsOrigin, platformUrl }) {
  const tokenEndpoint = `${authorityHost}/${tenantId}/oauth2/v2.0/token`;
  const facts = [
    ['Token endpoint', tokenEndpoint],
    ['Client id', clientId],
    ['Scope', scope],
    ['API', apiBaseUrl],
    ['Issuer of the RFC face', issuer],
    ['With client certificates', mtlsOrigin],
    ['Managed identities', platformUrl],
  ];
  const heading = element('h2', { id: 'detail-title' });
  return {
    content: [
      heading,
      element('p', { class: 'muted' }, 'Every request that reaches the mock appears in the list the moment it is answered.'),
      firstRequest(tokenCommand({ tokenEndpoint, clientId, scope })),
      element('section', {}, element('h3', {}, 'Where to send it'), element('dl', { class: 'fields' }, ...facts.map(fact))),
    ],
    setEmpty: (isEmpty) => {
      heading.textContent = isEmpty ? 'Send the first request' : 'Choose an exchange';
    },
  };
}

/** @param {string} command */
function firstRequest(command) {
  const text = element('pre', { tabindex: '0', 'aria-label': 'A token request as a curl command' }, command);
  return element(
    'section',
    {},
    element('div', { class: 'pane-head' }, element('h3', {}, 'A token, with curl'), copyButton('the curl command', text)),
    element('div', { class: 'command' }, text),
    element(
      'p',
      { class: 'muted' },
      "$CLIENT_SECRET is the mock's clientSecret, which this page does not know",
      command.includes('$NODE_EXTRA_CA_CERTS') ? '; $NODE_EXTRA_CA_CERTS is its caFile.' : '.',
    ),
  );
}

/** @param {readonly string[]} fact  name and value */
function fact([name = '', value = '']) {
  const code = element('code', {}, value);
  return element(
    'div',
    { class: 'field' },
    element('dt', {}, name),
    element('dd', { class: 'value copied' }, code, copyButton(name, code)),
  );
}

/**
 * Copies the text of `place`. Where the browser does not let a page copy, the text is selected instead, to be copied by hand.
 *
 * @param {string} name  of what is copied
 * @param {HTMLElement} place
 */
function copyButton(name, place) {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'small',
      'aria-label': `Copy ${name}`,
      onclick: async () => {
        const copied = await navigator.clipboard.writeText(place.textContent ?? '').then(
          () => true,
          () => false,
        );
        if (!copied) getSelection()?.selectAllChildren(place);
        button.textContent = copied ? 'Copied' : 'Selected';
        find('announcements', HTMLParagraphElement).textContent = copied
          ? `Copied ${name}.`
          : `Selected ${name}: the browser let nothing be copied.`;
        setTimeout(() => {
          button.textContent = 'Copy';
        }, SHOWN_MS);
      },
    },
    'Copy',
  );
  return button;
}

const SHOWN_MS = 1500;
