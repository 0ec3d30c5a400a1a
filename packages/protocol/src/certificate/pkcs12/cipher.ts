/** Decrypts with a block cipher in CBC mode and padding. RFC 8018 §6.1.1 and Appendix B.2. */
import { createDecipheriv } from 'node:crypto';
import { decryptRc2 } from './forge.ts';

/** A cipher, and what it starts from. */
export interface CipherKey {
  readonly cipher: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede-cbc' | 'des-ede3-cbc' | 'rc2-cbc';
  readonly key: Buffer;
  readonly iv: Uint8Array;
}

/** The plain octets; `undefined` if the key does not fit. */
export async function decryptCbc(ciphertext: Uint8Array, { cipher, key, iv }: CipherKey): Promise<Uint8Array | undefined> {
  if (cipher === 'rc2-cbc') return decryptRc2(ciphertext, { key, iv });
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}
