/** What the RFC face remembers between requests: which tokens were revoked. */
import { createReplayStore } from '../checks/replay.ts';

export interface RfcState {
  /** Whether a DPoP proof must carry a nonce of this server: RFC 9449 §8 and §9. */
  readonly demandsNonce: boolean;
  /** What nonces are derived from. */
  readonly nonceSecret: string;
  /** Revokes the token with this `jti`, until it expires. */
  revoke(jti: string, until: { readonly nowMs: number; readonly expiresAtMs: number }): void;
  isRevoked(jti: string, at: { readonly nowMs: number }): boolean;
  clear(): void;
}

/** A state that never holds more than 100,000 revocations: beyond that the oldest goes. */
export function createRfcState(options: { readonly demandsNonce: boolean; readonly nonceSecret: string }): RfcState {
  const revoked = createReplayStore({ capacity: REMEMBERED_REVOCATIONS });
  return {
    ...options,
    revoke: (jti, until) => {
      revoked.use(['revoked', jti], until);
    },
    isRevoked: (jti, at) => revoked.isUsed(['revoked', jti], at),
    clear: () => revoked.clear(),
  };
}

const REMEMBERED_REVOCATIONS = 100_000;
