/** Thumbprints of a certificate: digests over its whole DER. RFC 7515 §4.1.7 (`x5t`) and §4.1.8 (`x5t#S256`), RFC 8705 §3.1. */
import { createHash } from 'node:crypto';
import { encodeBase64url } from '../encoding/base64url.ts';

/** `x5t`: base64url of the SHA-1 digest, 27 characters. @see RFC 7515 §4.1.7 https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7 */
export function x5t(der: Uint8Array): string {
  return encodeBase64url(createHash('sha1').update(der).digest());
}

/** `x5t#S256`: base64url of the SHA-256 digest, 43 characters. @see RFC 7515 §4.1.8 https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8 */
export function x5tS256(der: Uint8Array): string {
  return encodeBase64url(createHash('sha256').update(der).digest());
}

/** The SHA-1 digest in upper-case hexadecimal: the "thumbprint" that portals and certificate viewers show. */
export function thumbprintHex(der: Uint8Array): string {
  return createHash('sha1').update(der).digest('hex').toUpperCase();
}
