/** The `DPoP` challenge: that of `Bearer`, and which signatures a proof may have. RFC 9449 §7.1 and §9. */
import { readTokenChallenge, type TokenChallenge, wordsOf } from './bearer-challenge.ts';
import type { Challenge } from './www-authenticate.ts';

/** A challenge about an access token that is bound to a key. */
export interface DpopChallenge extends TokenChallenge {
  /** The JWS algorithms that the server accepts for a proof; empty when it does not say. */
  readonly algorithms: readonly string[];
  /** Whether the proof lacked the server's nonce, which stands in this answer's `DPoP-Nonce` header. RFC 9449 §9. */
  readonly wantsNonce: boolean;
}

/**
 * What this challenge says, or `undefined` if its scheme is another.
 *
 * @see RFC 9449 §7.1 https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
export function readDpopChallenge(challenge: Challenge): DpopChallenge | undefined {
  if (challenge.scheme !== 'dpop') return undefined;
  const said = readTokenChallenge(challenge);
  return { ...said, algorithms: wordsOf(challenge.parameters['algs']), wantsNonce: said.error === 'use_dpop_nonce' };
}
