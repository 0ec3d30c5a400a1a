/** A proof's `htu`: the URL it is made for, in the form that servers compare. RFC 9449 §4.2, RFC 3986 §6.2.2 and §6.2.3. */
import { parseEndpoint } from '../url.ts';

/**
 * The URL without query and fragment, normalised: scheme and host in lower case, no default port, no dot segments, `/` for no
 * path, percent-escapes in upper case and only where they are needed.
 *
 * @throws {ProtocolError} `invalid_url` if it is not `https:`, or `http:` to this machine
 * @see RFC 9449 §4.2 https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export function targetUri(url: string): string {
  const address = typeof url === 'string' ? url.replace(/[?#].*$/s, '') : url;
  const { origin, pathname } = parseEndpoint(address, { name: 'The URL of the DPoP proof', allowHttpLoopback: true });
  // The URL parser did the rest, and leaves these as they were written.
  return origin + pathname.replace(/%[0-9a-f]{2}/gi, normaliseEscape);
}

/** RFC 3986 §6.2.2.1 and §6.2.2.2. */
function normaliseEscape(written: string): string {
  const character = String.fromCharCode(Number.parseInt(written.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(character) ? character : written.toUpperCase();
}
