/** What the RFC face remembers between requests: which tokens were revoked. */

export interface RfcState {
  /** Whether a DPoP proof must carry a nonce of this server: RFC 9449 §8 and §9. */
  readonly demandsNonce: boolean;
  /** What nonces are derived from. */
  readonly nonceSecret: string;
  /** Revokes the token with this `jti`. */
  revoke(jti: string): void;
  isRevoked(jti: string): boolean;
  clear(): void;
}

/** A state that never holds more than 10,000 revocations: beyond that the oldest goes. */
export function createRfcState(options: { readonly demandsNonce: boolean; readonly nonceSecret: string }): RfcState {
  const revoked = new Set<string>();
  return {
    ...options,
    revoke: (jti) => {
      revoked.add(jti);
      const [oldest] = revoked;
      if (revoked.size > REMEMBERED_REVOCATIONS && oldest !== undefined) revoked.delete(oldest);
    },
    isRevoked: (jti) => revoked.has(jti),
    clear: () => revoked.clear(),
  };
}

const REMEMBERED_REVOCATIONS = 10_000;
