/** What a 401's challenges call for. A pure decision; whoever sends requests carries it out, once. RFC 6750 §3.1, RFC 9449 §9. */
import { readClaimsChallenge } from './claims-challenge.ts';
import { readDpopChallenge } from './dpop-challenge.ts';
import type { Challenge } from './www-authenticate.ts';

/**
 * - `claims`: drop the token and ask for one with these claims, JSON text.
 * - `nonce`: repeat with a new proof that holds the nonce of this answer's `DPoP-Nonce` header; the token is good.
 * - `renew`: drop the token and ask for another one.
 * - `none`: the refusal is final. More of the same scope will not help, and a daemon has no user who could sign in again.
 */
export type Remedy =
  | { readonly kind: 'claims'; readonly claims: string }
  | { readonly kind: 'nonce' }
  | { readonly kind: 'renew' }
  | { readonly kind: 'none' };

/**
 * The remedy for a request that was sent with a token and answered with 401 and these challenges. One that says why outweighs
 * one that does not; where none does, or there is none at all, the token may have been withdrawn, and one renewal is due.
 *
 * @see RFC 6750 §3.1 https://www.rfc-editor.org/rfc/rfc6750#section-3.1
 */
export function remedyOf(challenges: readonly Challenge[]): Remedy {
  const ours = challenges.filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
  // The resource takes other credentials, no token of any kind.
  if (ours.length === 0 && challenges.length > 0) return { kind: 'none' };
  const claims = ours.map(readClaimsChallenge).find((request) => request !== undefined);
  if (claims !== undefined) return { kind: 'claims', claims };
  if (ours.some((challenge) => readDpopChallenge(challenge)?.wantsNonce === true)) return { kind: 'nonce' };
  const errors = ours.map(({ parameters }) => parameters['error']).filter((error) => error !== undefined);
  return { kind: errors.length === 0 || errors.includes('invalid_token') ? 'renew' : 'none' };
}
