/** Reads the issuer of a tenant from its metadata. In place of RFC 8414 §3.3: a tenant may be asked for by name, and answers by GUID. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { parseIssuer } from '../discovery/well-known.ts';
import { ProtocolError, quote } from '../errors.ts';
import { type HttpResponse, successObject } from '../http-response.ts';
import { answerError } from '../token-response/refusal.ts';
import { parseTenant } from './authority.ts';
import { cloudFacts, cloudOfHost } from './clouds.ts';

/**
 * The same server with the issuer and the tenant's GUID as the document has them. Nothing else is taken from it: an endpoint that
 * a document could choose, or an audience that follows from one, would be a way to another server for a secret or an assertion.
 *
 * @param expected.server  what the document was asked for
 * @param expected.receivedAtMs  the clock when the answer came, for a `Retry-After` that names a date
 * @throws {ProtocolError} `issuer_mismatch` unless the issuer stands on a host of the server's own cloud, or on its very host, and
 *   names this tenant's GUID, or the template `{tenantid}`, which the GUID of a tenant configured by it fills; `invalid_tenant` for a
 *   server without a tenant, or a document of personal accounts; `invalid_url` for a server without an issuer
 * @throws {TokenResponseError} `oauth_error` for a refusal; `invalid_response` if the answer is no such document
 * @see Access tokens in the Microsoft identity platform https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
export function readEntraMetadata(
  response: HttpResponse,
  expected: { server: AuthorizationServer; receivedAtMs?: number | undefined },
): AuthorizationServer {
  const { server, receivedAtMs = Number.NaN } = expected;
  const configured = parseTenant(server.tenant ?? '');
  const metadata = successObject(response, ['issuer']);
  const issuer = metadata?.['issuer'];
  if (typeof issuer !== 'string') {
    throw answerError(response, { from: `the tenant ${quote(configured)}`, receivedAtMs, why: 'is no metadata document with one issuer' });
  }
  const refuse = (why: string): ProtocolError =>
    new ProtocolError('issuer_mismatch', `The metadata of the tenant ${quote(configured)} names the issuer ${quote(issuer)}: ${why}`);
  const [, origin = '', name = ''] = ISSUER.exec(issuer) ?? [];
  if (name === '') throw refuse('it has not the form "https://{host}/{GUID}/v2.0"');
  if (preferredOrigin(origin) !== preferredOrigin(parseIssuer(server.issuer, server).origin)) {
    throw refuse(`it is on another host than ${quote(server.issuer)}; check who answers there`);
  }
  // The documents of `common` and `organizations` leave the tenant open.
  const tenant = name === TEMPLATE ? configured : parseTenant(name);
  if (!GUID.test(tenant)) throw refuse("it leaves the tenant open; configure the tenant's GUID");
  if (GUID.test(configured) && tenant !== configured) throw refuse('it is another tenant');
  return { ...server, issuer: issuer.replace(TEMPLATE, tenant), tenant };
}

/** The origin by the name that its cloud prefers, also for a region's host; any other as it is. */
function preferredOrigin(origin: string): string {
  const host = origin.replace('https://', '');
  const cloud = cloudOfHost(host) ?? cloudOfHost(host.replace(/^[a-z0-9]+\./, ''));
  return cloud === undefined ? origin : `https://${cloudFacts(cloud).loginHost}`;
}

const TEMPLATE = '{tenantid}';
const ISSUER = /^(https?:\/\/[^/]+)\/(\{tenantid\}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\/v2\.0$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
