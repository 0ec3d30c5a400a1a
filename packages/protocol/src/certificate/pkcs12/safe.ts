/** The layers inside a PKCS#12 file: safes, encrypted or not, and the bags in them. RFC 7292 §4.1 and §4.2. */
import { contentOf, type DerElement, explicit, objectIdentifier, readElement, sequence, TAG } from '../der.ts';
import { requireFewKeys } from '../private-key.ts';
import { decrypt } from './decryption.ts';
import type { Lock } from './lock.ts';
import { DATA } from './pfx.ts';
import { unsupported } from './refusal.ts';

/** What the bags hold: certificates in DER, private keys in PKCS#8. */
export interface SafeContents {
  readonly certificates: readonly Uint8Array[];
  readonly keys: readonly Uint8Array[];
}

/**
 * Every certificate and private key of an AuthenticatedSafe. Bags of other kinds are passed over, and so are attributes such
 * as the friendly name: the leaf is found by its key.
 *
 * @throws {ProtocolError} `unsupported_pkcs12`; `invalid_credential` for more than 8 keys
 * @throws {DerError}
 * @see RFC 7292 §4.1 https://www.rfc-editor.org/rfc/rfc7292#section-4.1
 */
export async function readSafes(content: Uint8Array, lock: Lock): Promise<SafeContents> {
  const certificates: Uint8Array[] = [];
  const keys: Uint8Array[] = [];
  for (const safe of sequence(readElement(content))) {
    for (const bag of sequence(readElement(await openSafe(safe, lock)))) {
      const [id, value] = sequence(bag);
      const kind = objectIdentifier(id);
      if (kind === CERT_BAG) certificates.push(...readCertBag(explicit(value, 0)));
      if (kind === KEY_BAG) keys.push(explicit(value, 0).octets);
      if (kind === PKCS8_SHROUDED_KEY_BAG) keys.push(await openKey(explicit(value, 0), lock));
      requireFewKeys(keys);
    }
  }
  return { certificates, keys };
}

/** The SafeContents of a ContentInfo: as it is, or decrypted. */
async function openSafe(contentInfo: DerElement, lock: Lock): Promise<Uint8Array> {
  const [contentType, content] = sequence(contentInfo);
  const kind = objectIdentifier(contentType);
  if (kind === DATA) return contentOf(explicit(content, 0), TAG.octetString);
  if (kind !== ENCRYPTED_DATA) throw unsupported('is encrypted for a key instead of with a passphrase');
  const [, encryptedContentInfo] = sequence(explicit(content, 0));
  const [, algorithm, ciphertext] = sequence(encryptedContentInfo);
  // RFC 5652 §6.1: `[0] IMPLICIT`, so the tag stands in place of that of an OCTET STRING.
  return decrypt({ algorithm, ciphertext: contentOf(ciphertext, IMPLICIT_0) }, lock);
}

/** The PrivateKeyInfo in an EncryptedPrivateKeyInfo. RFC 5958 §3. */
function openKey(encryptedKey: DerElement, lock: Lock): Promise<Uint8Array> {
  const [algorithm, ciphertext] = sequence(encryptedKey);
  return decrypt({ algorithm, ciphertext: contentOf(ciphertext, TAG.octetString) }, lock);
}

/** The X.509 certificate in a CertBag, or nothing if it holds one of another kind. RFC 7292 §4.2.3. */
function readCertBag(certBag: DerElement): readonly Uint8Array[] {
  const [id, value] = sequence(certBag);
  return objectIdentifier(id) === X509_CERTIFICATE ? [contentOf(explicit(value, 0), TAG.octetString)] : [];
}

const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const PKCS8_SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERT_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const IMPLICIT_0 = 0x80;
