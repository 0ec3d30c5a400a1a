/** The `Bearer` challenge: what a resource server says of the token it was sent. RFC 6750 §3, RFC 9728 §5.1. */
import type { Challenge } from './www-authenticate.ts';

/** A challenge about an access token. Texts are as received: show them with care, and branch on `error` alone. */
export interface TokenChallenge {
  readonly realm: string | undefined;
  /** What the token must be good for, where the server says it. */
  readonly scopes: readonly string[];
  /** Absent when the server saw no token, and with servers that do not tell why (RFC 6750 §3.1). */
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
  readonly errorUri: string | undefined;
  /**
   * Where the resource describes itself. For people: nothing here fetches it, since a resource may not choose the authorization
   * server that its callers show their credentials to.
   */
  readonly resourceMetadata: string | undefined;
}

/**
 * What this challenge says, or `undefined` if its scheme is another.
 *
 * @see RFC 6750 §3 https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function readBearerChallenge(challenge: Challenge): TokenChallenge | undefined {
  return challenge.scheme === 'bearer' ? readTokenChallenge(challenge) : undefined;
}

/** The parameters of RFC 6750 §3, which other schemes for access tokens use too. */
export function readTokenChallenge({ parameters }: Challenge): TokenChallenge {
  return {
    realm: parameters['realm'],
    scopes: wordsOf(parameters['scope']),
    error: parameters['error'],
    errorDescription: parameters['error_description'],
    errorUri: parameters['error_uri'],
    resourceMetadata: parameters['resource_metadata'],
  };
}

/** The members of a space-delimited list; none if it is absent. */
export function wordsOf(list: string | undefined): readonly string[] {
  return (list ?? '').split(' ').filter((word) => word !== '');
}
