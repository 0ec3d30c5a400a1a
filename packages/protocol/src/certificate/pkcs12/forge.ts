/** What `node-forge` is here for: PKCS#12's own key derivation, and the cipher RC2. RFC 7292 Appendix B, RFC 2268. */
import type { Lock } from './lock.ts';

/** What a derived value is for, by the number that Appendix B.3 gives it. */
export const PURPOSE = { key: 1, initializationVector: 2, mac: 3 } as const;

/** What goes into a derivation beside the passphrase. */
export interface Derivation {
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly purpose: (typeof PURPOSE)[keyof typeof PURPOSE];
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** How many octets are wanted. */
  readonly octets: number;
}

/**
 * As many octets as wanted. 100,000 iterations hold the event loop for 0.1 to 0.5 s; what tools write, 2,048 or so, for some
 * milliseconds.
 *
 * @see RFC 7292 Appendix B.2 https://www.rfc-editor.org/rfc/rfc7292#appendix-B.2
 */
export async function derive({ digest, purpose, salt, iterations, octets }: Derivation, { passphrase }: Lock): Promise<Buffer> {
  const forge = await loadForge();
  const saltBuffer = forge.util.createBuffer(binary(salt));
  const derived = forge.pkcs12.generateKey(passphrase, saltBuffer, purpose, iterations, octets, forge.md[digest].create());
  return Buffer.from(derived.getBytes(), 'latin1');
}

/** What stood in RC2-CBC; `undefined` if the key does not fit. OpenSSL 3, and so `node:crypto`, no longer has this cipher. */
export async function decryptRc2(
  ciphertext: Uint8Array,
  { key, iv }: { readonly key: Buffer; readonly iv: Uint8Array },
): Promise<Buffer | undefined> {
  const forge = await loadForge();
  const cipher = forge.rc2.createDecryptionCipher(binary(key), key.length * 8);
  cipher.start(binary(iv));
  cipher.update(forge.util.createBuffer(binary(ciphertext)));
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : undefined;
}

/** On first use, so that those who read PEM never load it. Its ASN.1 reader, where its advisories were, is never called. */
async function loadForge(): Promise<typeof import('node-forge')> {
  const { default: forge } = await import('node-forge');
  return forge;
}

/** Octets as forge takes them: one character each. */
function binary(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
