/** The outermost layer of a PKCS#12 file: what is protected, and the MAC that protects it. RFC 7292 §4. */
import { contentOf, type DerElement, DerError, explicit, objectIdentifier, readElement, sequence, TAG, wholeNumber } from '../der.ts';
import { unsupported } from './refusal.ts';

/** The two parts of a PFX; nothing in `content` is to be trusted before its MAC is verified. */
export interface Pfx {
  /** The octets of the AuthenticatedSafe, over which the MAC goes. */
  readonly content: Uint8Array;
  readonly macData: DerElement | undefined;
}

/**
 * The parts of the file in these octets.
 *
 * @throws {ProtocolError} `unsupported_pkcs12` if it is signed with a key instead of a passphrase
 * @throws {DerError}
 * @see RFC 7292 §4 https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export function readPfx(octets: Uint8Array): Pfx {
  const [version, authSafe, macData] = sequence(readElement(octets));
  const number = wholeNumber(version);
  if (number !== 3) throw new DerError(`its version is ${number}, not 3`);
  const [contentType, content] = sequence(authSafe);
  if (objectIdentifier(contentType) !== DATA) throw unsupported('is protected by a signature instead of a passphrase');
  return { content: contentOf(explicit(content, 0), TAG.octetString), macData };
}

/** The content type `data`: an OCTET STRING. RFC 5652 §4. */
export const DATA = '1.2.840.113549.1.7.1';
