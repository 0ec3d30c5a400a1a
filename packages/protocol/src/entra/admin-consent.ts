/** Asking an administrator to grant a daemon its application permissions, and the answer that the browser brings back. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthorizationServer } from '../authorization-server.ts';
import { requireClientId } from '../client-id.ts';
import { parseIssuer } from '../discovery/well-known.ts';
import { encodeForm } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { requireDefaultScope } from '../token-request/default-scope.ts';
import { parseScope, type Scope } from '../token-request/scope.ts';
import { parseEndpoint } from '../url.ts';
import { parseTenant } from './authority.ts';
import { ConsentError } from './consent-error.ts';

/**
 * The page on which an administrator consents, for a browser. Send the administrator there; no token comes of it.
 *
 * The older form of the page, `/{tenant}/adminconsent` without `v2.0` and without a scope, asks for every permission of the
 * registration; its answer is read by `readAdminConsentAnswer` too.
 *
 * @param options.server  from `entraServer`: the cloud, and the tenant whose administrator is asked
 * @param options.tenant  another tenant, or `organizations` for whichever one the administrator signs in to; never `common`
 * @param options.scope  one `{resource}/.default`: application permissions are granted as a whole
 * @param options.redirectUri  where the answer goes; one of those registered for the application, to the letter
 * @param options.state  comes back with the answer; random, and kept in the administrator's session until then
 * @throws {ProtocolError} `invalid_tenant`, `invalid_scope`, `invalid_url`, `invalid_parameter`
 * @see Admin consent on the Microsoft identity platform https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function buildAdminConsentUrl(options: {
  server: Pick<AuthorizationServer, 'issuer' | 'tenant'>;
  tenant?: string | undefined;
  clientId: string;
  scope: Scope;
  redirectUri: string;
  state: string;
}): string {
  const { server, tenant = server.tenant, clientId, redirectUri, state } = options;
  const scopes = parseScope(options.scope);
  requireClientId(clientId);
  requireDefaultScope(scopes);
  parseEndpoint(redirectUri, { name: 'The redirect URI', allowHttpLoopback: true });
  requireState(state);
  const { origin } = parseIssuer(server.issuer, { allowHttpLoopback: true });
  const realm = tenant === 'organizations' ? tenant : parseTenant(tenant as string);
  const query = encodeForm([
    ['client_id', clientId],
    ['scope', scopes.join(' ')],
    ['redirect_uri', redirectUri],
    ['state', state],
  ]);
  return `${origin}/${realm}/v2.0/adminconsent?${query}`;
}

/**
 * The older form of that page, which asks for every permission of the registration and needs no redirect URI: a link to hand to an
 * administrator of this tenant.
 *
 * @throws {ProtocolError} `invalid_tenant`, `invalid_url`, `invalid_parameter`
 * @see Get access without a user: admin consent https://learn.microsoft.com/graph/auth-v2-service#step-3-request-administrator-consent
 */
export function adminConsentLink({
  server,
  clientId,
}: {
  server: Pick<AuthorizationServer, 'issuer' | 'tenant'>;
  clientId: string;
}): string {
  requireClientId(clientId);
  const { origin } = parseIssuer(server.issuer, { allowHttpLoopback: true });
  return `${origin}/${parseTenant(server.tenant as string)}/adminconsent?${encodeForm([['client_id', clientId]])}`;
}

/** What an administrator granted, by what the browser says. */
export interface AdminConsent {
  /**
   * The tenant that the answer names. **Untrusted**: whoever opens the redirect URI can write any tenant there. Use it to find
   * what to set up, never to authenticate or authorise; a token from that tenant proves the consent.
   */
  readonly unverifiedTenant: string;
  /** What was granted, as the answer says; empty from the older form of the page. */
  readonly scopes: readonly string[];
}

/**
 * The consent that this answer reports.
 *
 * @param answer  the URL at which the browser arrived, whole or from its path on, or its query alone
 * @param expected.state  the state of the request; one that differs is somebody else's answer. Compared in constant time
 * @throws {ConsentError} `oauth_error`, with the server's words, when consent was not given
 * @throws {ProtocolError} `invalid_response` when the state differs, when a parameter stands there twice, or when the answer says
 *   neither yes nor no; `invalid_parameter` when the answer or the expected state is no text
 * @see Admin consent on the Microsoft identity platform https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export function readAdminConsentAnswer(answer: string, expected: { state: string }): AdminConsent {
  requireState(expected.state);
  const parameter = parameterReader(answer);
  if (!isSame(parameter('state') ?? '', expected.state)) {
    throw new ProtocolError(
      'invalid_response',
      'The answer to the consent request has another state; it belongs to no request of this session',
    );
  }
  // Entra: a refusal says admin_consent=True as well, so an error is looked for first.
  const error = parameter('error');
  if (error !== undefined) throw new ConsentError(error, parameter('error_description'));
  const tenant = parameter('tenant') ?? '';
  if (parameter('admin_consent') !== 'True' || !GUID.test(tenant)) {
    throw new ProtocolError(
      'invalid_response',
      "The answer to the consent request has neither admin_consent=True with a tenant's GUID nor an error",
    );
  }
  const scopes = (parameter('scope') ?? '').split(' ').filter((scope) => scope !== '');
  return { unverifiedTenant: tenant.toLowerCase(), scopes };
}

/** RFC 6749 §3.1: no parameter may stand there twice; of two, somebody else may have added one. */
function parameterReader(answer: string): (name: string) => string | undefined {
  if (typeof answer !== 'string') throw new ProtocolError('invalid_parameter', `The answer is ${quote(answer)}; give the URL as text`);
  const parameters = new URLSearchParams(answer.replace(/^[^?#]*\?/, '').replace(/#.*$/s, ''));
  return (name) => {
    const [value, ...more] = parameters.getAll(name);
    if (more.length === 0) return value;
    throw new ProtocolError('invalid_response', `The answer to the consent request has more than one ${quote(name)}`);
  };
}

function requireState(state: string): void {
  if (typeof state === 'string' && state !== '') return;
  throw new ProtocolError('invalid_parameter', `The state is ${quote(state)}; give a new random text for each request`);
}

/** Digests have one length, so the comparison tells nothing of where two states part. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
