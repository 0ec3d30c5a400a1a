/** A DPoP proof: a JWT with which a request shows that its sender holds the key a token is bound to. RFC 9449 §4.2. */
import { createHash } from 'node:crypto';
import { encodeBase64url } from '../encoding/base64url.ts';
import { ProtocolError, quote } from '../errors.ts';
import { algorithmsOf, requireAlgorithm, requireStrongKey } from '../jws/algorithm.ts';
import { signCompact } from '../jws/compact.ts';
import { requireListed } from '../jws/listed-algorithm.ts';
import { type Jwk, readPublicKey } from '../jws/public-key.ts';
import { jwtId, numericDate } from '../jws/registered-claims.ts';
import { requireSigner, type Signer } from '../jws/signer.ts';
import { requireDpopNonce } from './nonce.ts';
import { targetUri } from './target-uri.ts';

/** The key that a token is, or is to be, bound to. */
export interface DpopKey {
  signer: Signer;
  /** Its public key as a JWK; of a private one the public members alone are sent. */
  publicKey: Jwk;
  /** The algorithms that the server lists for proofs, if it does: `dpopAlgorithms` of an authorization server. RFC 9449 §5.1. */
  algorithms?: readonly string[] | undefined;
}

/** The request that a proof is for. */
export interface ProvenRequest {
  /** As it is sent: methods have case. */
  method: string;
  url: string;
  /** The latest that this server sent. */
  nonce?: string | undefined;
  /** The token that goes with the request, if one does. */
  accessToken?: string | undefined;
  /** Epoch milliseconds. */
  nowMs: number;
  /** Makes the `jti`. Default: a random UUID. */
  uniqueId?: (() => string) | undefined;
}

/**
 * A proof for one request: build a new one for every attempt.
 *
 * @throws {ProtocolError} `invalid_credential` or `weak_key` for a signer or public key that is none or too weak;
 *   `unsupported_algorithm` if the signer's algorithm is none of the public key's, or the server lists others; `invalid_url`,
 *   `invalid_parameter`
 * @see RFC 9449 §4.2 https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export async function buildDpopProof(options: DpopKey & ProvenRequest): Promise<string> {
  return createProver(options)(options);
}

/**
 * Makes proofs with one key, which is read and checked once. Whether the signer signs with this very key is not checked: that
 * would take a signature.
 *
 * @throws {ProtocolError} `invalid_credential`, `weak_key`, `unsupported_algorithm`
 */
export function createProver({ signer, publicKey, algorithms }: DpopKey): (request: ProvenRequest) => Promise<string> {
  requireSigner(signer);
  const { jwk, key } = readPublicKey(publicKey);
  requireStrongKey(key);
  requireAlgorithm(signer.algorithm, algorithmsOf(key));
  const algorithmName = requireListed(signer.algorithm, { of: 'DPoP proofs', names: algorithms });
  return async (request) =>
    signCompact({ algorithmName, header: { typ: DPOP_PROOF_TYPE, jwk }, claims: buildProofClaims(request) }, signer);
}

/** The type tells a proof from every other JWT with the same key (RFC 8725 §3.12). @see RFC 9449 §4.2 https://www.rfc-editor.org/rfc/rfc9449#section-4.2 */
export const DPOP_PROOF_TYPE = 'dpop+jwt';

function buildProofClaims({ method, url, nonce, accessToken, nowMs, uniqueId }: ProvenRequest): Readonly<Record<string, unknown>> {
  if (typeof method !== 'string' || !HTTP_TOKEN.test(method)) {
    throw new ProtocolError(
      'invalid_parameter',
      `The method of the DPoP proof is ${quote(method)}; give the request's own, such as "POST"`,
    );
  }
  if (nonce !== undefined) requireDpopNonce(nonce);
  return {
    jti: jwtId(uniqueId),
    htm: method,
    htu: targetUri(url),
    iat: numericDate(nowMs),
    ...(nonce !== undefined && { nonce }),
    ...(accessToken !== undefined && { ath: hashOf(accessToken) }),
  };
}

/** RFC 9449 §4.2: of the token's ASCII characters, exactly as they are sent. */
function hashOf(accessToken: string): string {
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new ProtocolError(
      'invalid_parameter',
      'The access token of the DPoP proof is no text of visible ASCII characters; give its value',
    );
  }
  return encodeBase64url(createHash('sha256').update(accessToken, 'ascii').digest());
}

/** RFC 9110 §9.1, §5.6.2. */
const HTTP_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
