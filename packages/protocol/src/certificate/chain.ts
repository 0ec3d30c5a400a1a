/** Puts certificates in the order `x5c` wants: the leaf, then each one's issuer. RFC 7515 §4.1.6. */
import type { X509Certificate } from 'node:crypto';

/**
 * The leaf, then as many of its issuers as the bundle holds, each certifying the one before it. What does not belong to
 * this chain is left out.
 *
 * @see RFC 7515 §4.1.6 https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6
 */
export function orderChain(leaf: X509Certificate, bundle: readonly X509Certificate[]): readonly X509Certificate[] {
  const chain = [leaf];
  let last = leaf;
  for (;;) {
    const child = last;
    const issuer = bundle.find(
      (candidate) => !holds(chain, candidate) && child.checkIssued(candidate) && child.verify(candidate.publicKey),
    );
    if (issuer === undefined) return chain;
    chain.push(issuer);
    last = issuer;
  }
}

function holds(chain: readonly X509Certificate[], candidate: X509Certificate): boolean {
  return chain.some((certificate) => certificate.raw.equals(candidate.raw));
}
