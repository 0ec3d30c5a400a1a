/** What the RFC face remembers between requests. */

export interface RfcState {
  /** Whether a DPoP proof must carry a nonce of this server: RFC 9449 §8 and §9. */
  readonly demandsNonce: boolean;
  clear(): void;
}

export function createRfcState({ demandsNonce }: { readonly demandsNonce: boolean }): RfcState {
  return { demandsNonce, clear: () => undefined };
}
