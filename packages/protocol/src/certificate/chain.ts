/** Puts certificates in the order `x5c` wants: the leaf, then each one's issuer. RFC 7515 §4.1.6. */
import type { X509Certificate } from 'node:crypto';

/**
 * The leaf, then as many of its issuers as the bundle holds, each certifying the one before it. What does not belong to
 * this chain is left out, and so is what is above its tenth certificate.
 *
 * @see RFC 7515 §4.1.6 https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6
 */
export function orderChain(leaf: X509Certificate, bundle: readonly X509Certificate[]): readonly X509Certificate[] {
  const chain = [leaf];
  let last = leaf;
  while (chain.length < LONGEST_CHAIN) {
    const child = last;
    const issuer = bundle.find(
      (candidate) => !holds(chain, candidate) && child.checkIssued(candidate) && child.verify(candidate.publicKey),
    );
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

function holds(chain: readonly X509Certificate[], candidate: X509Certificate): boolean {
  return chain.some((certificate) => certificate.raw.equals(candidate.raw));
}

/** Each link costs a verification for every certificate with the right name; the chains of real authorities have three or four. */
const LONGEST_CHAIN = 10;
