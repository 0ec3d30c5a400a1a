/** The encryption of older PKCS#12 files: triple DES or RC2, with a key of PKCS#12's own derivation. RFC 7292 Appendix C. */
import { contentOf, type DerElement, sequence, TAG } from '../der.ts';
import type { CipherKey } from './cipher.ts';
import { derive, PURPOSE } from './forge.ts';
import type { Lock } from './lock.ts';
import { unsupported } from './refusal.ts';

/**
 * The cipher of this scheme, with its key.
 *
 * @throws {ProtocolError} `unsupported_pkcs12` for a scheme that is not read here, or too many iterations
 * @throws {DerError}
 * @see RFC 7292 Appendix C https://www.rfc-editor.org/rfc/rfc7292#appendix-C
 */
export async function pbeKey(
  { scheme, parameters }: { readonly scheme: string; readonly parameters: DerElement | undefined },
  lock: Lock,
): Promise<CipherKey> {
  const known = SCHEMES.get(scheme);
  if (known === undefined) throw unsupported(`encrypts with ${scheme}`);
  const [cipher, octets] = known;
  const [salt, iterations] = sequence(parameters);
  const derivation = { digest: 'sha1', salt: contentOf(salt, TAG.octetString), iterations: lock.work.readIterations(iterations) } as const;
  return {
    cipher,
    key: await derive({ ...derivation, purpose: PURPOSE.key, octets }, lock),
    iv: await derive({ ...derivation, purpose: PURPOSE.initializationVector, octets: BLOCK_OCTETS }, lock),
  };
}

/** The cipher and how many octets its key has. The two with RC4 are left out. */
const SCHEMES: ReadonlyMap<string, readonly [CipherKey['cipher'], number]> = new Map([
  ['1.2.840.113549.1.12.1.3', ['des-ede3-cbc', 24]],
  ['1.2.840.113549.1.12.1.4', ['des-ede-cbc', 16]],
  ['1.2.840.113549.1.12.1.5', ['rc2-cbc', 16]],
  ['1.2.840.113549.1.12.1.6', ['rc2-cbc', 5]],
]);

/** All of them work on blocks of 64 bits. */
const BLOCK_OCTETS = 8;
