/** The JWS compact serialization: `header.payload.signature`. RFC 7515 §3.1, §5.1, §7.1. */

import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { parseJsonObject, toJson } from '../encoding/json.ts';
import { ProtocolError } from '../errors.ts';
import { type SigningAlgorithm, signatureScheme } from './algorithm.ts';
import type { HmacSigner } from './hmac.ts';
import type { Signer } from './signer.ts';

/**
 * A signed JWT in compact form. Header and claims are serialized once and those octets are signed.
 *
 * @param parts.algorithmName  the header's `alg`. Default: the signer's algorithm
 * @throws {ProtocolError} `invalid_credential` if the signer returns no signature of its algorithm; `invalid_parameter` if header
 *   or claims cannot be written as JSON
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export async function signCompact(
  parts: {
    readonly algorithmName?: string;
    readonly header: Readonly<Record<string, unknown>> & { readonly alg?: never };
    readonly claims: Readonly<Record<string, unknown>>;
  },
  signer: Signer | HmacSigner,
): Promise<string> {
  const header = { alg: parts.algorithmName ?? signer.algorithm, ...parts.header };
  const signingInput = `${encodeObject(header)}.${encodeObject(parts.claims)}`;
  const signature = await signer.sign(Buffer.from(signingInput, 'ascii'));
  if (signer.algorithm !== 'HS256') requireSignature(signature, signer.algorithm);
  return `${signingInput}.${encodeBase64url(signature)}`;
}

function encodeObject(value: Readonly<Record<string, unknown>>): string {
  const json = toJson(value);
  if (json === undefined)
    throw new ProtocolError('invalid_parameter', 'A claim is nothing that JSON can hold, such as a bigint or an object within itself');
  return encodeBase64url(json);
}

/** Whatever signs may be another's. RFC 7518 §3.4: some make DER of the two halves of an ECDSA signature, which no server can read. */
function requireSignature(signature: Uint8Array, algorithm: SigningAlgorithm): void {
  if (!(signature instanceof Uint8Array)) {
    throw new ProtocolError('invalid_credential', 'The signer returned no Uint8Array; wrap the ArrayBuffer of WebCrypto, decode a text');
  }
  const { length } = signature;
  const { octets } = signatureScheme(algorithm);
  if (length > 0 && (octets === undefined || length === octets)) return;
  const wanted = octets === undefined ? 'a signature' : `${octets} octets, for ECDSA its two halves side by side`;
  throw new ProtocolError('invalid_credential', `The signer returned ${length} octets; ${algorithm} wants ${wanted}`);
}

/** A JWT's header and claims as they were sent. Nothing is verified. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Header and claims of a JWT, **unverified**: for people and diagnosis, never for a decision. An access token is opaque to
 * the client that carries it. Where a header names a key or a place to fetch one, nothing here goes there (RFC 8725 §3.10).
 *
 * @throws {ProtocolError} `invalid_parameter` if the text is not three base64url parts with JSON objects in the first two
 * @see RFC 7515 §7.1 https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function decodeToken(jwt: string): DecodedToken {
  // Cut at a fourth part, so that a text of nothing but dots costs no memory.
  const [header, claims, signature, ...more] = typeof jwt === 'string' ? jwt.split('.', 4) : [];
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) {
    throw new ProtocolError('invalid_parameter', 'The text is not a JWT: it has not three parts divided by dots (RFC 7515 §7.1)');
  }
  decodeBase64url(signature);
  return { header: decodeObject(header, 'header'), claims: decodeObject(claims, 'payload') };
}

function decodeObject(part: string, name: string): Readonly<Record<string, unknown>> {
  const value = parseJsonObject(decodeBase64url(part));
  if (value !== undefined) return value;
  throw new ProtocolError('invalid_parameter', `The JWT's ${name} is not a JSON object in UTF-8 (RFC 7519 §7.2)`);
}
