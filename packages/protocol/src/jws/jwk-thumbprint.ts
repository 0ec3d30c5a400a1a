/** A key's thumbprint, the name by which a token is bound to it. RFC 7638 §3. */
import { createHash } from 'node:crypto';
import { encodeBase64url } from '../encoding/base64url.ts';
import { type Jwk, readPublicKey } from './public-key.ts';

/**
 * The SHA-256 thumbprint of this key's public part, in base64url: 43 characters, whatever else the JWK holds. A DPoP token's
 * `cnf.jkt`.
 *
 * @throws {ProtocolError} `invalid_credential` if it is no EC, RSA or OKP key, or written in another than the canonical way
 * @see RFC 7638 §3 https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function jwkThumbprint(key: Jwk): string {
  // RFC 7638 §3: without white space, members in lexicographic order. None of them needs an escape.
  return encodeBase64url(
    createHash('sha256')
      .update(JSON.stringify(readPublicKey(key).jwk))
      .digest(),
  );
}
