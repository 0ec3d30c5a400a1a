/** Which certificate is the client's own: the one that belongs to its private key or, where that is elsewhere, the last one issued. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';

/**
 * The certificate and the key that belong together, wherever in a bundle they stand.
 *
 * @throws {ProtocolError} `invalid_certificate` or `invalid_credential` if there is none of the one or the other;
 *   `certificate_key_mismatch` if no two belong together
 */
export function matchKey(certificates: readonly X509Certificate[], keys: readonly KeyObject[]): readonly [X509Certificate, KeyObject] {
  requireAny(certificates);
  if (keys.length === 0) {
    throw new ProtocolError(
      'invalid_credential',
      'There is no private key in what was given; give the private key that belongs to the certificate',
    );
  }
  for (const key of keys) {
    const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
    if (leaf !== undefined) return [leaf, key];
  }
  throw new ProtocolError(
    'certificate_key_mismatch',
    `The private key belongs to none of the certificates given (${subjectsOf(certificates)}); check which files were paired`,
  );
}

/**
 * The one certificate that is the issuer of none of the others, by what they say of themselves.
 *
 * @throws {ProtocolError} `invalid_certificate` if there is none, or more than one
 */
export function findLeaf(certificates: readonly X509Certificate[]): X509Certificate {
  requireAny(certificates);
  const isIssuer = (candidate: X509Certificate): boolean =>
    certificates.some((other) => !other.raw.equals(candidate.raw) && other.checkIssued(candidate));
  const leaves = certificates.filter((candidate) => !isIssuer(candidate));
  const [leaf] = leaves;
  if (leaf !== undefined && leaves.every(({ raw }) => raw.equals(leaf.raw))) return leaf;
  throw new ProtocolError(
    'invalid_certificate',
    `It is not clear which certificate is the client's own (${subjectsOf(certificates)}); give that one and its issuers alone`,
  );
}

function requireAny(certificates: readonly X509Certificate[]): void {
  if (certificates.length === 0) {
    throw new ProtocolError('invalid_certificate', "There is no certificate in what was given; give the client's own");
  }
}

function subjectsOf(certificates: readonly X509Certificate[]): string {
  return certificates.map(({ subject, fingerprint }) => quote(subject ?? fingerprint)).join(', ');
}
