/** Checks the MAC of a PKCS#12 file, before anything it protects is read. RFC 7292 §4 and Appendix A. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ProtocolError } from '../../errors.ts';
import { contentOf, type DerElement, DerError, objectIdentifier, sequence, TAG } from '../der.ts';
import { type Derivation, derive, PURPOSE } from './forge.ts';
import { type Lock, passphraseForms, type WorkBudget } from './lock.ts';
import { unsupported } from './refusal.ts';

/**
 * The lock that fits the file: with the form of the passphrase under which the MAC of its content is right.
 *
 * @param file.macData  `undefined` if the file has none
 * @throws {ProtocolError} `wrong_passphrase` if no form fits; `unsupported_pkcs12` without a MAC or for one of another kind
 * @see RFC 7292 §4 https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export async function verifyMac(
  file: { readonly content: Uint8Array; readonly macData: DerElement | undefined },
  { passphrase, work }: { readonly passphrase: string | undefined; readonly work: WorkBudget },
): Promise<Lock> {
  // Who could change the file could otherwise put a key and a certificate of his own into it.
  if (file.macData === undefined) throw unsupported('has no MAC, so nobody can tell whether it was changed');
  const { digest, expected, ...rest } = readMacData(file.macData, work);
  const derivation: Derivation = { digest, purpose: PURPOSE.mac, octets: expected.length, ...rest };
  for (const form of passphraseForms(passphrase)) {
    const lock = { passphrase: form, work };
    const actual = createHmac(digest, await derive(derivation, lock))
      .update(file.content)
      .digest();
    if (timingSafeEqual(actual, expected)) return lock;
  }
  throw new ProtocolError(
    'wrong_passphrase',
    passphrase === undefined
      ? 'The PKCS#12 file is protected and no passphrase was given; give its passphrase'
      : 'The PKCS#12 file does not open with the passphrase given; check the passphrase, and whether the file is whole',
  );
}

interface MacParameters extends Pick<Derivation, 'digest' | 'salt' | 'iterations'> {
  readonly expected: Uint8Array;
}

function readMacData(macData: DerElement, work: WorkBudget): MacParameters {
  const [digestInfo, salt, iterations] = sequence(macData);
  const [algorithm, digestValue] = sequence(digestInfo);
  const id = objectIdentifier(sequence(algorithm)[0]);
  const known = DIGESTS.get(id);
  if (known === undefined) throw unsupported(id === PBMAC1 ? PBMAC1_REASON : `has a MAC of the unknown kind ${id}`);
  const [digest, octets] = known;
  const expected = contentOf(digestValue, TAG.octetString);
  if (expected.length !== octets) throw new DerError('its MAC is of another length than its digest');
  return {
    digest,
    expected,
    salt: contentOf(salt, TAG.octetString),
    iterations: iterations === undefined ? 1 : work.readIterations(iterations),
  };
}

/** The digest and its length in octets. */
const DIGESTS: ReadonlyMap<string, readonly [Derivation['digest'], number]> = new Map([
  ['1.3.14.3.2.26', ['sha1', 20]],
  ['2.16.840.1.101.3.4.2.1', ['sha256', 32]],
  ['2.16.840.1.101.3.4.2.2', ['sha384', 48]],
  ['2.16.840.1.101.3.4.2.3', ['sha512', 64]],
]);
const PBMAC1 = '1.2.840.113549.1.5.14';
const PBMAC1_REASON = 'has a MAC of the kind PBMAC1 (RFC 9879), which OpenSSL reads from 3.4 on';
