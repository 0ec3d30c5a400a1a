/** A public key as a JWK of its required members alone. RFC 7517 §4, RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2. */
import { createPublicKey, type JsonWebKey, type KeyObject, type webcrypto } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';

/** A JWK as `node:crypto` or WebCrypto exports it; of a private key the private members are passed over. */
export type Jwk = JsonWebKey | webcrypto.JsonWebKey;

/** A public key, as it is shown and as it is used. */
export interface PublicKey {
  /** What identifies the key, in lexicographic order; nothing private and nothing optional. */
  readonly jwk: Readonly<Record<string, string>>;
  readonly key: KeyObject;
}

/**
 * The public key in this JWK, provided it is written in the one way that is allowed, so that a key has one thumbprint.
 *
 * @throws {ProtocolError} `invalid_credential` for another type of key, a member that is missing or malformed, a coordinate that
 *   is not as wide as its curve, a number with leading zeros, or a point off the curve
 * @see RFC 7518 §6.2.1.2 https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.2
 */
export function readPublicKey(jwk: Jwk): PublicKey {
  const names = REQUIRED_MEMBERS.get(jwk?.kty);
  if (names === undefined) {
    throw new ProtocolError('invalid_credential', `The public key's kty is ${quote(jwk?.kty)}; give a JWK whose kty is EC, RSA or OKP`);
  }
  const members = Object.fromEntries(names.map((name) => [name, (jwk as JsonWebKey)[name]]));
  const key = parse(members);
  const canonical = key.export({ format: 'jwk' });
  const wrong = names.find((name) => members[name] === '' || members[name] !== canonical[name]);
  if (wrong !== undefined) {
    throw new ProtocolError(
      'invalid_credential',
      `The public key's ${wrong} is not written as RFC 7518 §6 has it: unpadded base64url, a coordinate as wide as its curve, a number without leading zeros`,
    );
  }
  return { jwk: members as Record<string, string>, key };
}

function parse(members: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: members, format: 'jwk' });
  } catch {
    // Fall through: what the runtimes say differs, and helps no more than this.
  }
  throw new ProtocolError(
    'invalid_credential',
    `The public key is no valid ${members.kty} key; check its ${Object.keys(members).join(', ')}`,
  );
}

/** RFC 7638 §3.2, RFC 8037 §2: the members that a thumbprint covers, in its order. */
const REQUIRED_MEMBERS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['RSA', ['e', 'kty', 'n']],
  ['OKP', ['crv', 'kty', 'x']],
]);
