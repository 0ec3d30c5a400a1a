/** Opens what a PKCS#12 file encrypts with its passphrase. RFC 7292 §4.1 and Appendix C. */
import { type DerElement, objectIdentifier, sequence } from '../der.ts';
import { PBES2 } from '../encrypted-key.ts';
import { decryptCbc } from './cipher.ts';
import type { Lock } from './lock.ts';
import { pbeKey } from './pbe.ts';
import { pbes2Key } from './pbes2.ts';
import { unsupported } from './refusal.ts';

/**
 * The plain octets.
 *
 * @param encrypted.algorithm  the AlgorithmIdentifier that stands beside the ciphertext
 * @throws {ProtocolError} `unsupported_pkcs12` for an algorithm that is not read here, or if the passphrase does not fit
 * @throws {DerError}
 * @see RFC 7292 Appendix C https://www.rfc-editor.org/rfc/rfc7292#appendix-C
 */
export async function decrypt(
  encrypted: { readonly algorithm: DerElement | undefined; readonly ciphertext: Uint8Array },
  lock: Lock,
): Promise<Uint8Array> {
  const [id, parameters] = sequence(encrypted.algorithm);
  const scheme = objectIdentifier(id);
  const key = scheme === PBES2 ? await pbes2Key(parameters, lock) : await pbeKey({ scheme, parameters }, lock);
  const plaintext = await decryptCbc(encrypted.ciphertext, key);
  if (plaintext !== undefined) return plaintext;
  throw unsupported('has a part that does not open with the passphrase of its MAC (if it has two, add -twopass to the command)');
}
