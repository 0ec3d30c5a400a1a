/** base64url without padding, the text form of every JOSE value. RFC 7515 §2 and Appendix C. */
import { ProtocolError } from '../errors.ts';

/** Unpadded base64url of these octets, or of this text in UTF-8. @see RFC 7515 §2 https://www.rfc-editor.org/rfc/rfc7515#section-2 */
export function encodeBase64url(data: Uint8Array | string): string {
  return (typeof data === 'string' ? Buffer.from(data, 'utf8') : viewOf(data)).toString('base64url');
}

/**
 * The octets that an unpadded base64url text stands for.
 *
 * @throws {ProtocolError} `invalid_parameter` on padding, white space, the alphabet of plain base64, an impossible length,
 *   or bits set behind the last octet, so that one value has one text
 * @see RFC 7515 §2 https://www.rfc-editor.org/rfc/rfc7515#section-2
 */
export function decodeBase64url(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) {
    throw new ProtocolError('invalid_parameter', 'The text is not unpadded base64url (RFC 7515 §2)');
  }
  return new Uint8Array(bytes);
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
