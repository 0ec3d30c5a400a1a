/**
 * The names under which a source keeps its tokens. A key holds what may differ between two calls of one source; what stands before
 * it in a shared store holds the rest. Together they hold all that shapes a token.
 */
import { createHash } from 'node:crypto';
import type { TokenParameters } from '@client-credentials/protocol';
import type { GetTokenOptions } from './token-source.ts';

/** What may differ between two tokens of one source. */
export interface KeyParts {
  readonly scopes: readonly string[];
  /** Entra: another tenant than the authority's own, in lower case. */
  readonly tenant?: string | undefined;
  /** What was asked for beside the scope, by `claimsKey`. */
  readonly claims?: string | undefined;
  /** The thumbprint of the certificate that the tokens are bound to, where they are. RFC 8705 §3: a renewed one gets tokens of its own. */
  readonly binding?: string | undefined;
}

/**
 * The key of a token. The scopes count as a set: each once, in order, divided by a space; where nothing else differs, such a text
 * is its own key, so that a scope written that way finds its token without being parsed.
 *
 * @see RFC 6749 §3.3 https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function tokenKey({ scopes, tenant, claims, binding }: KeyParts): string {
  return quickKey(scopes.toSorted().join(' '), { tenant, claims, binding });
}

/**
 * The same for scopes that stand in a text already, and for parts that nobody has checked. None that is legal has a line break in it,
 * so parts that are not, joined, make a key that no token has.
 */
export function quickKey(scope: string, { tenant = '', claims = '', binding = '' }: Omit<KeyParts, 'scopes'>): string {
  return tenant === '' && claims === '' && binding === '' ? scope : `\n${tenant}\n${claims}\n${binding}\n${scope}`;
}

/** Whether a text that was given as a scope could be taken for a key with more parts. */
export function looksLikeKey(scope: string): boolean {
  return scope.charCodeAt(0) === LINE_FEED;
}

/** What a caller's claims, and its promise to meet challenges, add to a key. The text of one claims request is always the same. */
export function claimsKey({ claims, cae }: { claims: string | undefined; cae: boolean }): string {
  return `${cae ? 'cae' : ''}${claims === undefined ? '' : digest(claims)}`;
}

/** What every token of a source has in common, as a text to stand before its keys in a store that others use too. */
export function sourceKey(source: {
  /** The issuer, and where its requests go if that is configured. */
  readonly authority: { readonly kind: string; readonly issuer: string; readonly server?: { readonly tokenEndpoint: string } };
  readonly clientId: string;
  readonly credentialKind: string;
  readonly parameters: TokenParameters;
}): string {
  const { authority, clientId, credentialKind, parameters } = source;
  const { kind, issuer, server } = authority;
  return `${JSON.stringify(['token', 1, kind, issuer, server?.tokenEndpoint ?? null, clientId, credentialKind, sorted(parameters)])}\n`;
}

/** Whether a token as it is usually asked for will do. No tenant has the empty name, which the key of the source's own would be. */
export function asksForNoOther({ tenant, claims, callerClaims, cae, rejectedToken, forceRefresh }: GetTokenOptions): boolean {
  if (tenant === '') return false;
  return claims === undefined && callerClaims === undefined && cae !== true && rejectedToken === undefined && forceRefresh !== true;
}

/** What the tokens of a tenant have in common. */
export function tenantTag(tenant = ''): string {
  return tenant;
}

/** What the tokens have in common that were asked for with claims of their own beside the scope. */
export function variantTag(plainKey: string): string {
  return `variant of ${plainKey}`;
}

/** The same text for the same parameters, whatever their order. */
function sorted(parameters: TokenParameters): readonly (readonly [string, unknown])[] {
  return Object.entries(parameters)
    .map(([name, value]): [string, unknown] => [name, name === 'extra' ? Object.entries(value as object).toSorted() : value])
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

const LINE_FEED = 10;
