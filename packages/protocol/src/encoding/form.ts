/** `application/x-www-form-urlencoded`, the encoding of a token request's body and of HTTP Basic's two halves. RFC 6749 Appendix B. */
import { ProtocolError } from '../errors.ts';

/** One form field. A name may stand more than once in a list of them. */
export type FormField = readonly [name: string, value: string];

/**
 * The body that carries these fields, in their order: UTF-8, percent-encoded, a space as `+`.
 *
 * @throws {ProtocolError} `invalid_parameter` if a name or value holds a lone surrogate, which UTF-8 cannot carry
 * @see RFC 6749 Appendix B https://www.rfc-editor.org/rfc/rfc6749#appendix-B
 */
export function encodeForm(fields: readonly FormField[]): string {
  return fields.map(([name, value]) => `${encodeFormValue(name)}=${encodeFormValue(value)}`).join('&');
}

/**
 * One name or value, encoded. It leaves `A-Z a-z 0-9 - . _ ~ *` bare: some servers compare HTTP Basic's halves without
 * decoding them, and secrets that Entra generates often hold just those.
 *
 * @throws {ProtocolError} `invalid_parameter` if the text holds a lone surrogate
 * @see RFC 6749 Appendix B https://www.rfc-editor.org/rfc/rfc6749#appendix-B
 */
export function encodeFormValue(text: string): string {
  if (BARE.test(text)) return text;
  if (!text.isWellFormed()) {
    throw new ProtocolError(
      'invalid_parameter',
      'A form value holds half a surrogate pair, which UTF-8 cannot carry; check where the text was cut',
    );
  }
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}

const BARE = /^[A-Za-z0-9._~*-]*$/;
