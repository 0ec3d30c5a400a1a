/** PBES2, the encryption of today's PKCS#12 files: PBKDF2 and a block cipher. RFC 8018 §6.2, Appendix A.2, A.4 and B. */
import { pbkdf2 } from 'node:crypto';
import { contentOf, type DerElement, objectIdentifier, sequence, TAG } from '../der.ts';
import type { CipherKey } from './cipher.ts';
import type { Lock } from './lock.ts';
import { unsupported } from './refusal.ts';

/**
 * The cipher that these parameters name, with its key. The key is derived on the thread pool.
 *
 * @throws {ProtocolError} `unsupported_pkcs12` for another derivation than PBKDF2, another cipher, or too many iterations
 * @throws {DerError}
 * @see RFC 8018 Appendix A.4 https://www.rfc-editor.org/rfc/rfc8018#appendix-A.4
 */
export async function pbes2Key(parameters: DerElement | undefined, lock: Lock): Promise<CipherKey> {
  const [derivation, scheme] = sequence(parameters);
  const [derivationId, derivationParameters] = sequence(derivation);
  if (objectIdentifier(derivationId) !== PBKDF2) throw unsupported(`derives a key by ${objectIdentifier(derivationId)}`);
  const [schemeId, iv] = sequence(scheme);
  const known = CIPHERS.get(objectIdentifier(schemeId));
  if (known === undefined) throw unsupported(`encrypts with ${objectIdentifier(schemeId)}`);
  const [cipher, octets] = known;
  return { cipher, key: await pbkdf2Key(derivationParameters, { octets, lock }), iv: contentOf(iv, TAG.octetString) };
}

function pbkdf2Key(
  parameters: DerElement | undefined,
  { octets, lock }: { readonly octets: number; readonly lock: Lock },
): Promise<Buffer> {
  const [salt, iterationCount, ...optional] = sequence(parameters);
  const saltOctets = contentOf(salt, TAG.octetString);
  const iterations = lock.work.readIterations(iterationCount);
  // Before it a key length may stand, which the cipher knows as well.
  const prf = optional.find(({ tag }) => tag === TAG.sequence);
  const prfId = prf === undefined ? HMAC_WITH_SHA1 : objectIdentifier(sequence(prf)[0]);
  const digest = DIGESTS.get(prfId);
  if (digest === undefined) throw unsupported(`derives a key with ${prfId}`);
  return new Promise((resolve, reject) => {
    pbkdf2(lock.passphrase ?? '', saltOctets, iterations, octets, digest, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

const PBKDF2 = '1.2.840.113549.1.5.12';
const HMAC_WITH_SHA1 = '1.2.840.113549.2.7';

const DIGESTS: ReadonlyMap<string, string> = new Map([
  [HMAC_WITH_SHA1, 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

/** The cipher and how many octets its key has. */
const CIPHERS: ReadonlyMap<string, readonly [CipherKey['cipher'], number]> = new Map([
  ['2.16.840.1.101.3.4.1.2', ['aes-128-cbc', 16]],
  ['2.16.840.1.101.3.4.1.22', ['aes-192-cbc', 24]],
  ['2.16.840.1.101.3.4.1.42', ['aes-256-cbc', 32]],
  ['1.2.840.113549.3.7', ['des-ede3-cbc', 24]],
]);
