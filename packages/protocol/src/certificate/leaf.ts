/** Which certificate is the client's own: the one that belongs to its private key. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';

/**
 * The certificate and the key that belong together, wherever in a bundle they stand.
 *
 * @throws {ProtocolError} `invalid_certificate` or `invalid_credential` if there is none of the one or the other;
 *   `certificate_key_mismatch` if no two belong together
 */
export function matchKey(certificates: readonly X509Certificate[], keys: readonly KeyObject[]): readonly [X509Certificate, KeyObject] {
  if (certificates.length === 0) {
    throw new ProtocolError('invalid_certificate', 'There is no certificate in what was given; give the certificate beside the key');
  }
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
  const subjects = certificates.map(({ subject, fingerprint }) => quote(subject ?? fingerprint)).join(', ');
  throw new ProtocolError(
    'certificate_key_mismatch',
    `The private key belongs to none of the certificates given (${subjects}); check which files were paired`,
  );
}
