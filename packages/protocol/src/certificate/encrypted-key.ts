/** How much work it is to open an encrypted private key, read before any is done. RFC 5958 §3, RFC 8018 Appendix A, RFC 7914 §7. */
import { type DerElement, objectIdentifier, readElement, sequence, wholeNumber } from './der.ts';

/** The encryption scheme that names its key derivation apart from its cipher. RFC 8018 Appendix A.4. */
export const PBES2 = '1.2.840.113549.1.5.13';

/**
 * The rounds of the key derivation that an EncryptedPrivateKeyInfo asks for: its iterations or, for scrypt, the product of its
 * three costs, whose rounds take about as long.
 *
 * @throws {DerError}
 * @see RFC 8018 Appendix A https://www.rfc-editor.org/rfc/rfc8018#appendix-A
 * @see RFC 7914 §7 https://www.rfc-editor.org/rfc/rfc7914#section-7
 */
export function derivationRounds(der: Uint8Array): number {
  const [encryption] = sequence(readElement(der));
  const [scheme, parameters] = sequence(encryption);
  const [id, derivation] = objectIdentifier(scheme) === PBES2 ? sequence(sequence(parameters)[0]) : [scheme, parameters];
  // All of them begin with the salt: PBKDF2-params, scrypt-params, and the PBEParameter of the older schemes.
  const [, ...costs] = sequence(derivation);
  return objectIdentifier(id) === SCRYPT ? product(costs.slice(0, 3)) : wholeNumber(costs[0]);
}

function product(numbers: readonly DerElement[]): number {
  return numbers.map(wholeNumber).reduce((value, factor) => value * factor, 1);
}

const SCRYPT = '1.3.6.1.4.1.11591.4.11';
