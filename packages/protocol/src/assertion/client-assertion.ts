/** Builds the signed JWT with which a client proves who it is. RFC 7523 §2.2 and §3, RFC 10070 §4. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { type ClientCertificate, certificateSigner } from '../certificate/certificate.ts';
import { requireInForce } from '../certificate/validity.ts';
import { requireClientId } from '../client-id.ts';
import { ProtocolError } from '../errors.ts';
import { requireAlgorithm, type SigningAlgorithm } from '../jws/algorithm.ts';
import { signCompact } from '../jws/compact.ts';
import type { HmacSigner } from '../jws/hmac.ts';
import { listedName, requireListed } from '../jws/listed-algorithm.ts';
import { requireSigner, type Signer } from '../jws/signer.ts';
import { buildAssertionClaims } from './claims.ts';
import { buildAssertionHeader } from './header.ts';
import { assertionProfile, listedAlgorithms, type ThumbprintHeader } from './profile.ts';

/** What may differ from the authority's profile, on purpose. */
export interface AssertionOverrides {
  /** Default: the preferred algorithm of the key, PS256 for RSA, among those that the server lists. */
  algorithm?: SigningAlgorithm | undefined;
  /** `aud`. Default: Entra's token endpoint, or the issuer. */
  audience?: string | undefined;
  /** The header's `typ`. Default: `JWT` for Entra, `client-authentication+jwt` elsewhere. */
  type?: string | undefined;
  /** The header's `kid`; it takes the thumbprint's place unless `thumbprint` is given too. */
  keyId?: string | undefined;
  /** Seconds from now to `exp`, 30 to 600. Default: 300 for Entra, 60 elsewhere. */
  lifetimeSeconds?: number | undefined;
  /** Seconds by which `nbf` and `iat` are back-dated, 0 to 300. Default: 0. */
  clockSkewSeconds?: number | undefined;
  /** Which thumbprint the header carries. Default: `x5t#S256`; `x5t` for Entra with RS256. */
  thumbprint?: ThumbprintHeader | undefined;
  /** Sends the certificates too, as `x5c`, for servers that trust a subject name and issuer. Default: false. */
  sendChain?: boolean | undefined;
  /** Further claims, in a plain object; none of them may be a function. */
  claims?: Readonly<Record<string, unknown>> | undefined;
}

/** The key that signs: a certificate's, or a signer with a certificate or key id that tells the server which one it is. */
export type AssertionKey =
  | { certificate: ClientCertificate; signer?: undefined }
  | { signer: Signer; certificate?: ClientCertificate | undefined; keyId?: string | undefined };

/** Who asserts that it is itself, to whom, and when. */
export interface AssertionSubject {
  server: AuthorizationServer;
  clientId: string;
  /** Epoch milliseconds. */
  nowMs: number;
  /** Makes the `jti`. Default: a random UUID. */
  uniqueId?: (() => string) | undefined;
}

/**
 * A signed client assertion in compact form, with a `jti` of its own: build a new one for every request.
 *
 * @param options.nowMs  epoch milliseconds; the certificate must be valid at this instant
 * @param options.uniqueId  makes the `jti`. Default: a random UUID
 * @throws {ProtocolError} `invalid_credential`, `invalid_certificate`, `certificate_expired`, `certificate_not_yet_valid`,
 *   `unsupported_algorithm` also if signer and certificate do not fit, `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 * @see RFC 10070 §4 https://www.rfc-editor.org/rfc/rfc10070#section-4
 */
export async function buildClientAssertion(options: AssertionSubject & AssertionKey & AssertionOverrides): Promise<string> {
  const signer = assertionSigner(options, listedAlgorithms(options.server));
  // JavaScript callers also write null for none.
  const certificate = options.certificate ?? undefined;
  if (certificate !== undefined) requireInForce(certificate, options.nowMs);
  return signAssertion({ ...options, certificate }, signer);
}

/**
 * What is the same whether a key pair or a shared secret signs: header and claims in the server's profile, unless overridden.
 *
 * @throws {ProtocolError} `unsupported_algorithm` if the server lists what it takes, and not this; `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export async function signAssertion(
  options: AssertionSubject & AssertionOverrides & { certificate?: ClientCertificate | undefined },
  signer: Signer | HmacSigner,
): Promise<string> {
  const { server, clientId, nowMs, uniqueId, certificate, keyId } = options;
  requireClientId(clientId);
  const algorithmName = requireListed(signer.algorithm, { of: 'client assertions', names: listedAlgorithms(server) });
  const profile = assertionProfile(server, signer.algorithm);
  const header = buildAssertionHeader({
    type: options.type ?? profile.type,
    keyId,
    thumbprint: options.thumbprint ?? (keyId === undefined ? profile.thumbprint : 'none'),
    sendChain: options.sendChain ?? false,
    certificate,
  });
  const claims = buildAssertionClaims({
    clientId,
    audience: options.audience ?? profile.audience,
    uniqueId,
    nowMs,
    lifetimeSeconds: options.lifetimeSeconds ?? profile.lifetimeSeconds,
    clockSkewSeconds: options.clockSkewSeconds ?? 0,
    extra: options.claims ?? {},
  });
  return signCompact({ algorithmName, header, claims }, signer);
}

/**
 * The signer of an assertion: the one given, or the certificate's key with the algorithm asked for, else with the first of its
 * own that the server lists.
 *
 * @param listed  the algorithms that the server lists, if it does
 * @throws {ProtocolError} `invalid_credential` if there is no key; `invalid_certificate` if what stands beside the signer is none;
 *   `unsupported_algorithm` if the key cannot sign with the algorithm asked for, or with none of the registered ones, or the
 *   signer's is none of the certificate's
 */
export function assertionSigner(options: AssertionKey & AssertionOverrides, listed?: readonly string[]): Signer {
  const { signer, certificate, algorithm } = options;
  if (signer !== undefined) {
    requireSigner(signer);
    if (algorithm !== undefined) requireAlgorithm(algorithm, [signer.algorithm]);
    requireFitting(signer, certificate ?? undefined);
    return signer;
  }
  if (!Array.isArray(certificate?.algorithms)) {
    throw new ProtocolError('invalid_credential', 'There is no certificate and no signer; give the object that readCertificate returned');
  }
  return certificateSigner(certificate, algorithm ?? certificate.algorithms.find((own) => listedName(own, listed) !== undefined));
}

/** A header that names another key than the one that signs is refused by every server, and tells nobody why. */
function requireFitting({ algorithm }: Signer, certificate: ClientCertificate | undefined): void {
  if (certificate === undefined) return;
  if (!Array.isArray(certificate.algorithms)) {
    throw new ProtocolError(
      'invalid_certificate',
      'The certificate beside the signer is none; give the object that readPublicCertificate or readCertificate returned',
    );
  }
  requireAlgorithm(algorithm, certificate.algorithms);
}
