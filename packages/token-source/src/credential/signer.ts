/** A key that never comes here: what holds it signs, be it an HSM, a key vault or a cloud's KMS. RFC 7523 §2.2, RFC 7515 §5.1. */
import {
  type AssertionOverrides,
  type ClientCertificate,
  fileFormat,
  type MaybePromise,
  ProtocolError,
  privateKeyJwt,
  readPublicCertificate,
  requireInForce,
  type SigningAlgorithm,
} from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { untilAborted } from '../until-aborted.ts';
import { OVERRIDE_TYPES, requireOverrides } from './assertion-options.ts';
import type { Credential } from './credential.ts';
import { createFingerprint } from './fingerprint.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';

export interface SignerOptions extends AssertionOverrides {
  /** What `sign` signs with. */
  algorithm: SigningAlgorithm;
  /** The signature of these octets; for ECDSA R and S side by side (IEEE P1363), as RFC 7518 §3.4 wants them. Called for every request. */
  sign(bytes: Uint8Array): MaybePromise<Uint8Array>;
  /** The certificate of the key with its chain in PEM, or alone in DER. A private key in it is left alone. Without one give a `keyId`. */
  certificate?: string | Uint8Array | undefined;
}

/**
 * Assertions whose header and claims are made here and signed elsewhere.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken`, `credential_unavailable` if `sign` fails, with its error as the
 *   cause. That may pass, so it is tried again
 * @throws {ProtocolError} `invalid_parameter`, `unsupported_algorithm`; from `getToken`, before anything is sent, as
 *   `readPublicCertificate` and `privateKeyJwt` do
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export function signer(options: SignerOptions): Credential {
  requireKnownOptions(options, { of: 'signer', types: OPTION_TYPES });
  const { algorithm, certificate: file, sign, ...overrides } = options;
  if (typeof sign !== 'function' || algorithm === undefined) {
    const missing = algorithm === undefined ? 'algorithm' : 'function sign';
    throw new TokenSourceError('invalid_configuration', `signer was given no ${missing}; give { algorithm, sign(bytes) }`);
  }
  requireOverrides({ ...overrides, algorithm });
  const fingerprint = createFingerprint()(overrides.keyId);
  let certificate: ClientCertificate | undefined;
  return {
    kind: 'signer',
    load({ now, signal }) {
      if (file !== undefined) certificate = readOnce(file, { certificate, nowMs: now() });
      const authentication = privateKeyJwt({
        ...overrides,
        certificate,
        signer: { algorithm, sign: (bytes) => untilAborted(() => signatureOf(bytes, { sign: sign.bind(options) }), signal) },
      });
      return {
        kind: 'signer',
        fingerprint: certificate?.x5tS256 ?? fingerprint,
        ...(certificate !== undefined && { expiresAtMs: certificate.notAfterMs }),
        authentication: () => authentication,
      };
    },
  };
}

/** What was read before, or what is in the file; in force in either case. */
function readOnce(
  file: string | Uint8Array,
  { certificate, nowMs }: { readonly certificate: ClientCertificate | undefined; readonly nowMs: number },
): ClientCertificate {
  if (certificate === undefined) return readPublicCertificate({ ...inItsForm(file), nowMs });
  requireInForce(certificate, nowMs);
  return certificate;
}

function inItsForm(file: string | Uint8Array): { pem: string | Uint8Array } | { der: Uint8Array } {
  return file instanceof Uint8Array && fileFormat(file) === 'certificate' ? { der: file } : { pem: file };
}

async function signatureOf(bytes: Uint8Array, { sign }: Pick<SignerOptions, 'sign'>): Promise<Uint8Array> {
  try {
    return await sign(bytes);
  } catch (cause) {
    // Such an error says itself whether it may pass.
    if (cause instanceof TokenSourceError || cause instanceof ProtocolError) throw cause;
    throw new TokenSourceError('credential_unavailable', 'The assertion could not be signed: the function that signs it failed', {
      cause,
      transient: true,
    });
  }
}

const OPTION_TYPES: OptionTypes<SignerOptions> = { ...OVERRIDE_TYPES, sign: ['function'], certificate: ['string', 'Uint8Array'] };
