/** The thumbprint a token or an assertion names a certificate by. RFC 7515 §4.1.8, RFC 8705 §3.1. */
import { createHash, type X509Certificate } from 'node:crypto';

/** base64url SHA-256 of the DER: 43 characters, without padding. */
export function certificateThumbprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url');
}
