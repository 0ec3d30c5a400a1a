/** Judges a DPoP proof: that its sender holds a key, now, for this request and no other. RFC 9449 §4.3. */
import { createHash, type KeyObject } from 'node:crypto';
import { type Assertion, readAssertion } from '../assertion.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Checks } from './checks.ts';
import { isPublicJwk, keyThumbprint, readPublicKey } from './dpop-key.ts';
import { isCurrentNonce } from './dpop-nonce.ts';
import { CLOCK_SKEW_MS, numericDateToMs } from './numeric-date.ts';
import { ASYMMETRIC_ALGORITHMS, isSignedBy } from './signature.ts';
import { isTargetUri } from './target-uri.ts';

/** Why a proof is refused: the token endpoint and the API each put that into a shape of their own. RFC 9449 §5, §7.1, §8 and §9. */
export interface ProofRefusal {
  readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce';
  readonly description: string;
}

interface ProofContext {
  readonly request: MockRequest;
  readonly services: Services;
  /** At the API: the token that comes with the proof, and the thumbprint it is bound to. */
  readonly token?: BoundToken;
}

interface BoundToken {
  readonly text: string;
  readonly jkt: string;
}

/** Passes for one fresh proof of this request that was never seen before; returns the thumbprint of its key, a token's `jkt`. */
export async function checkProof(checks: Checks<ProofRefusal>, { request, services, token }: ProofContext): Promise<string> {
  const text = request.headers['dpop'] ?? '';
  // Several header lines arrive joined with a comma.
  checks.require(text !== '' && !text.includes(','), {
    name: 'there is one DPoP header',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The request needs one DPoP header.'),
  });
  const proof = readAssertion(text);
  checks.require(proof !== undefined, {
    name: 'the proof is a compact JWT',
    section: 'RFC 9449 §4.2',
    refusal: invalidProof('The DPoP proof is not a JWT.'),
  });
  const key = checkHeader(checks, proof.header);
  checks.require(await isSignedBy(text, { key, algorithms: ASYMMETRIC_ALGORITHMS }), {
    name: 'the signature of the proof verifies with its jwk',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The signature of the DPoP proof is invalid.'),
  });
  checkTarget(checks, { claims: proof.claims, request });
  const use = checkFreshness(checks, { claims: proof.claims, services });
  const jkt = await keyThumbprint(key);
  if (token) checkToken(checks, { claims: proof.claims, jkt, token });
  // Last, so that a proof refused for anything else has not been used.
  checks.require(services.replays.use(['DPoP', jkt, use.jti], use), {
    name: 'the proof has not been used before',
    section: 'RFC 9449 §11.1',
    refusal: invalidProof('The jti of the DPoP proof has been used before.'),
  });
  return jkt;
}

function checkHeader(checks: Checks<ProofRefusal>, { typ, alg, jwk }: Assertion['header']): KeyObject {
  checks.require(typ === 'dpop+jwt', {
    name: 'the type of the proof is dpop+jwt',
    section: 'RFC 9449 §4.2',
    refusal: invalidProof('The typ of the DPoP proof is not dpop+jwt.'),
  });
  checks.require(typeof alg === 'string' && ASYMMETRIC_ALGORITHMS.includes(alg), {
    name: 'the algorithm of the proof is asymmetric',
    section: 'RFC 9449 §4.2',
    refusal: invalidProof('The alg of the DPoP proof is not supported.'),
  });
  checks.require(isPublicJwk(jwk), {
    name: 'the jwk of the proof has no private member',
    section: 'RFC 9449 §4.2',
    refusal: invalidProof('The jwk of the DPoP proof is not a public key.'),
  });
  const key = readPublicKey(jwk);
  checks.require(key !== undefined, {
    name: 'the jwk of the proof is a key',
    section: 'RFC 7517 §4',
    refusal: invalidProof('The jwk of the DPoP proof cannot be read.'),
  });
  return key;
}

function checkTarget(checks: Checks<ProofRefusal>, { claims, request }: { claims: Assertion['claims']; request: MockRequest }): void {
  checks.require(claims['htm'] === request.method, {
    name: 'htm is the method',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The htm of the DPoP proof is not the method of the request.'),
  });
  checks.require(isTargetUri(claims['htu'], `${request.origin}${request.path}`), {
    name: 'htu is the URI without query and fragment',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The htu of the DPoP proof is not the URI of the request without query and fragment.'),
  });
}

/** Returns the proof's `jti`, and until when it must be remembered: after that, `iat` alone refuses it. */
function checkFreshness(
  checks: Checks<ProofRefusal>,
  { claims, services: { rfc, clock } }: { claims: Assertion['claims']; services: Services },
): { jti: string; nowMs: number; expiresAtMs: number } {
  const { jti, nonce } = claims;
  checks.require(typeof jti === 'string' && jti !== '', {
    name: 'the proof has a jti',
    section: 'RFC 9449 §4.2',
    refusal: invalidProof('The DPoP proof has no jti.'),
  });
  checks.require(!rfc.demandsNonce || isCurrentNonce(nonce, { rfc, clock }), {
    name: 'the nonce of the proof is current, if one is demanded',
    section: 'RFC 9449 §8',
    refusal: { error: 'use_dpop_nonce', description: 'The DPoP proof must carry the nonce of the DPoP-Nonce header.' },
  });
  const nowMs = clock.now();
  const issuedAtMs = numericDateToMs(claims['iat']);
  checks.require(issuedAtMs !== undefined && Math.abs(nowMs - issuedAtMs) <= CLOCK_SKEW_MS, {
    name: 'the proof was made within five minutes',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The iat of the DPoP proof is not within five minutes of now.'),
  });
  // A millisecond more: what expires now is forgotten, and would still be in time.
  return { jti, nowMs, expiresAtMs: issuedAtMs + CLOCK_SKEW_MS + 1 };
}

function checkToken(
  checks: Checks<ProofRefusal>,
  { claims, jkt, token }: { claims: Assertion['claims']; jkt: string; token: BoundToken },
): void {
  checks.require(claims['ath'] === createHash('sha256').update(token.text).digest('base64url'), {
    name: 'ath is the digest of the token',
    section: 'RFC 9449 §4.3',
    refusal: invalidProof('The ath of the DPoP proof is not the digest of the access token.'),
  });
  checks.require(jkt === token.jkt, {
    name: 'the token is bound to the key of the proof',
    section: 'RFC 9449 §6.1',
    refusal: invalidProof('The access token is bound to another key.'),
  });
}

function invalidProof(description: string): ProofRefusal {
  return { error: 'invalid_dpop_proof', description };
}
