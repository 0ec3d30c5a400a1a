/** What an assertion may have otherwise than the authority's profile, checked when the credential is made. RFC 7523 §3. */
import { type AssertionOverrides, privateKeyJwt } from '@client-credentials/protocol';
import type { OptionTypes } from './known-options.ts';

/**
 * Throws for what is wrong whatever the key: an unknown algorithm, a lifetime out of bounds. The rest shows when there is a key.
 *
 * @throws {ProtocolError} `unsupported_algorithm`, `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function requireOverrides(overrides: AssertionOverrides): void {
  // With a signer that is never asked, since the key is elsewhere yet.
  privateKeyJwt({ ...overrides, signer: { algorithm: overrides.algorithm ?? 'PS256', sign: () => new Uint8Array() } });
}

export const OVERRIDE_TYPES: OptionTypes<AssertionOverrides> = {
  algorithm: ['string'],
  audience: ['string'],
  type: ['string'],
  keyId: ['string'],
  lifetimeSeconds: ['number'],
  clockSkewSeconds: ['number'],
  thumbprint: ['string'],
  sendChain: ['boolean'],
  claims: ['object'],
};
