/** The name under which a token is kept: everything that shapes it, and nothing else. */
import type { TokenParameters } from '@client-credentials/protocol';
import type { Authority } from './authority/authority.ts';

/** What shapes every token of one source alike. Not the credential itself: a rotated certificate keeps its tokens. */
export interface SourceIdentity {
  readonly authority: Authority;
  readonly clientId: string;
  readonly credentialKind: string;
  readonly parameters: TokenParameters;
}

/** The part of the key that all tokens of one source share, as canonical JSON. */
export function keyPrefix({ authority, clientId, credentialKind, parameters }: SourceIdentity): string {
  const { resource, audience, extra = {} } = parameters;
  return JSON.stringify([
    authority.kind,
    authority.issuer,
    authority.server?.tokenEndpoint ?? null,
    clientId,
    credentialKind,
    [resource ?? []].flat().sort(),
    audience ?? null,
    Object.entries(extra).sort(([one], [other]) => (one < other ? -1 : 1)),
    'Bearer',
  ]);
}

/** The key of a token for these scopes, which count as a set (RFC 6749 §3.3). No scope holds a line break, so nothing can run together. */
export function tokenKey(prefix: string, scopes: readonly string[]): string {
  return `${prefix}\n${scopes.length > 1 ? scopes.toSorted().join(' ') : (scopes[0] ?? '')}`;
}
