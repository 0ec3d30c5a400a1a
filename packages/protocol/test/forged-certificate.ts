/** Certificates that no openssl command makes. */
import forge from 'node-forge';
import { fixture } from '../../../test/support/certificates.ts';

/** A certificate for a key of the fixtures, signed with that same key whoever the issuer shall be. */
export function certificateOf({
  subject,
  issuer,
  key,
  serialNumber = '01',
}: {
  readonly subject: string;
  readonly issuer: string;
  readonly key: string;
  /** In hexadecimal. */
  readonly serialNumber?: string;
}): string {
  const privateKey = forge.pki.privateKeyFromPem(fixture(`${key}.key.pem`));
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = serialNumber;
  certificate.validity.notBefore = new Date(Date.UTC(2020, 0));
  certificate.validity.notAfter = new Date(Date.UTC(2119, 0));
  certificate.setSubject([{ shortName: 'CN', value: subject }]);
  certificate.setIssuer([{ shortName: 'CN', value: issuer }]);
  certificate.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
