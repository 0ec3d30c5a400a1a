/** What a certificate says its key may be used for: the Key Usage extension. RFC 5280 §4.2.1.3. */
import { contentOf, contextTag, explicit, objectIdentifier, readElement, sequence, TAG } from './der.ts';

/**
 * Whether the certificate lets its key sign: its Key Usage holds `digitalSignature`, or it has no Key Usage. What cannot be
 * read forbids nothing.
 *
 * @see RFC 5280 §4.2.1.3 https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3
 */
export function permitsDigitalSignature(der: Uint8Array): boolean {
  try {
    const bits = keyUsageBits(der);
    return bits === undefined || ((bits[0] ?? 0) & DIGITAL_SIGNATURE) !== 0;
  } catch {
    return true;
  }
}

/** The named bits, the first one on top of the first octet (X.690 §8.6.2); `undefined` without the extension. */
function keyUsageBits(der: Uint8Array): Uint8Array | undefined {
  const [tbsCertificate] = sequence(readElement(der));
  const extensions = sequence(tbsCertificate).find(({ tag }) => tag === contextTag(3));
  if (extensions === undefined) return undefined;
  const keyUsage = sequence(explicit(extensions, 3))
    .map(sequence)
    .find(([id]) => objectIdentifier(id) === KEY_USAGE);
  if (keyUsage === undefined) return undefined;
  // The last member is the value, with or without a `critical` before it; its first octet counts the unused bits at the end.
  return contentOf(readElement(contentOf(keyUsage.at(-1), TAG.octetString)), TAG.bitString).subarray(1);
}

const KEY_USAGE = '2.5.29.15';
const DIGITAL_SIGNATURE = 0x80;
