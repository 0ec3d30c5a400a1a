/** A DPoP proof that a caller hands in, before it goes out: it must be for this very request, and give nothing away. RFC 9449 §4.3. */
import { ProtocolError, quote } from '../errors.ts';
import { algorithmsOf, requireAlgorithm } from '../jws/algorithm.ts';
import { type DecodedToken, decodeToken } from '../jws/compact.ts';
import { LEGACY_ED25519 } from '../jws/listed-algorithm.ts';
import { readPublicKey } from '../jws/public-key.ts';
import { DPOP_PROOF_TYPE } from './proof.ts';
import { targetUri } from './target-uri.ts';

/**
 * Throws unless this is a proof for a request with this method to this URL, signed with an algorithm of its key that the server
 * lists. The signature is the server's to verify.
 *
 * @param request.algorithms  what the server lists; without a list any will do
 * @throws {ProtocolError} `invalid_parameter` if it is no proof, or one for another request; `unsupported_algorithm`;
 *   `invalid_credential` if its key is none, or a private one
 * @see RFC 9449 §4.3 https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function requireDpopProof(
  proof: string,
  request: { readonly method: string; readonly url: string; readonly algorithms?: readonly string[] | undefined },
): void {
  const { header, claims } = readProof(proof);
  requireFittingAlgorithm(header, request.algorithms);
  requirePublic(header['jwk'] as object);
  const { htm, htu } = claims;
  const target = targetUri(request.url);
  if (htm === request.method && htu === target) return;
  throw new ProtocolError(
    'invalid_parameter',
    `The DPoP proof is for ${quote(htm)} ${quote(htu)}, and the request is ${quote(request.method)} ${quote(target)}; build one for it`,
  );
}

function readProof(proof: string): DecodedToken {
  try {
    const decoded = decodeToken(proof);
    const { jti, iat } = decoded.claims;
    const isSigned = !proof.endsWith('.');
    if (isSigned && decoded.header['typ'] === DPOP_PROOF_TYPE && typeof jti === 'string' && jti !== '' && typeof iat === 'number') {
      return decoded;
    }
  } catch {
    // Fall through: what is no JWT is no proof either.
  }
  throw new ProtocolError(
    'invalid_parameter',
    `The DPoP proof is no signed JWT of the type ${DPOP_PROOF_TYPE} with a jti and an iat; give what buildDpopProof returned`,
  );
}

/** An algorithm belongs to a key: none that is symmetric, and none of another type of key (RFC 8725 §3.1). */
function requireFittingAlgorithm({ alg, jwk }: Readonly<Record<string, unknown>>, listed: readonly string[] | undefined): void {
  const { key } = readPublicKey(jwk as object);
  requireAlgorithm((alg === LEGACY_ED25519 ? 'Ed25519' : alg) as string, algorithmsOf(key));
  if (listed === undefined || listed.some((name) => name === alg)) return;
  throw new ProtocolError(
    'unsupported_algorithm',
    `The DPoP proof is signed with ${quote(alg)}, and the server takes ${quote(listed.join(' '))}; use a key that fits`,
  );
}

/** RFC 9449 §4.3: a server refuses a private key, but only after it was told. */
function requirePublic(jwk: object): void {
  if (!PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return;
  throw new ProtocolError(
    'invalid_credential',
    'The DPoP proof shows its private key; use buildDpopProof, which sends the public one alone',
  );
}

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
