/** AADSTS codes of a certificate: behind an assertion, or shown in the TLS handshake. */
import { type AadstsEntry, row } from './entry.ts';

export const CERTIFICATE_CODES: readonly AadstsEntry[] = [
  // Behind an assertion
  row(1000502, 'invalid_client', 'The provided certificate is not within its specified validity period.'),
  row(7000214, 'invalid_client', "The certificate used by app '{clientId}' has been revoked."),
  row(7000277, 'invalid_client', 'A certificate in the chain of the client assertion has been revoked.'),
  row(700030, 'invalid_client', "The certificate's subject is not authorized for app '{clientId}': add it to the trusted subjects."),
  row(50012, 'invalid_client', 'Authentication failed: the certificate is not one that the application may use. [Reason - {reason}]'),
  row(50017, 'invalid_client', 'Validation of the certificate failed: its revocation list or one of its issuers could not be had.'),
  // In the TLS handshake
  row(392200, 'invalid_client', 'The client certificate is missing: the TLS connection has none.'),
  row(392204, 'invalid_client', 'The client certificate of the TLS connection has expired, or is not valid yet.'),
  row(500181, 'invalid_client', 'The TLS certificate does not match the certificate in the client assertion.'),
  row(392189, 'invalid_client', 'The mTLS endpoint takes certificates by subject name and issuer, or federated credentials: send the x5c.'),
  row(51000, 'invalid_client', 'Required feature MtlsClientAuth is/are disabled.'),
  // The attestation of a certificate's key
  row(1000610, 'invalid_client', 'The attestation token is missing or malformed.'),
  row(1000611, 'invalid_client', 'The signature of the attestation token is invalid.'),
  row(1000612, 'invalid_client', 'The attestation token has expired.'),
  row(1000613, 'invalid_client', 'The attestation token is of an issuer that is not trusted.'),
  row(1000614, 'invalid_client', 'The attestation token is not for the key of the client certificate.'),
];
