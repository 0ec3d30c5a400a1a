/** Where an issuer publishes its metadata. OpenID Connect Discovery §4.1, RFC 8414 §3.1 and §5. */
import { ProtocolError } from '../errors.ts';
import { type EndpointRules, parseEndpoint, quoteUrl } from '../url.ts';

/**
 * The issuer identifier, checked: `https:`, no query, no fragment.
 *
 * @throws {ProtocolError} `invalid_url`, saying which rule is broken
 * @see RFC 8414 §2 https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function parseIssuer(issuer: string, rules: Omit<EndpointRules, 'name'> = {}): URL {
  const url = parseEndpoint(issuer, { ...rules, name: 'The issuer' });
  if (issuer.includes('?'))
    throw new ProtocolError('invalid_url', `The issuer is ${quoteUrl(issuer)}: it has a query, which RFC 8414 §2 forbids`);
  return url;
}

/**
 * OpenID Connect's place: `/.well-known/openid-configuration` appended to the issuer. Entra's and most others' documents stand there.
 *
 * @param issuer  the issuer identifier, to the letter; `http:` will do for a loopback host
 * @throws {ProtocolError} `invalid_url` if it is none
 * @see OpenID Connect Discovery 1.0 §4.1 https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationRequest
 */
export function openidConfigurationUrl(issuer: string): string {
  parseIssuer(issuer, ANY_ISSUER);
  return `${withoutSlash(issuer)}/.well-known/openid-configuration`;
}

/**
 * OAuth's place: `/.well-known/oauth-authorization-server` inserted between the issuer's host and its path.
 *
 * @param issuer  the issuer identifier, to the letter; `http:` will do for a loopback host
 * @throws {ProtocolError} `invalid_url` if it is none
 * @see RFC 8414 §3.1 https://www.rfc-editor.org/rfc/rfc8414#section-3.1
 */
export function oauthMetadataUrl(issuer: string): string {
  return inserted('oauth-authorization-server', issuer);
}

/**
 * OpenID Connect's name in OAuth's place: another URL than `openidConfigurationUrl` only for an issuer with a path.
 *
 * @param issuer  the issuer identifier, to the letter; `http:` will do for a loopback host
 * @throws {ProtocolError} `invalid_url` if it is none
 * @see RFC 8414 §5 https://www.rfc-editor.org/rfc/rfc8414#section-5
 */
export function insertedOpenidConfigurationUrl(issuer: string): string {
  return inserted('openid-configuration', issuer);
}

function inserted(name: string, issuer: string): string {
  const { origin, pathname } = parseIssuer(issuer, ANY_ISSUER);
  return `${origin}/.well-known/${name}${withoutSlash(pathname)}`;
}

/** Both specifications strip one terminating slash of the issuer first. */
function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}

/** Whether `http:` may be asked is for whoever sends the request. */
const ANY_ISSUER = { allowHttpLoopback: true } as const;
