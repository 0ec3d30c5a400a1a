/** A client's certificate, with its private key or without: read, matched and checked. RFC 5280 §4.1, RFC 7515 §4.1.6 to §4.1.8. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';
import { algorithmsOf, requireStrongKey, type SigningAlgorithm } from '../jws/algorithm.ts';
import { createSigner, type Signer } from '../jws/signer.ts';
import { type Bundle, type CertificateInput, type PrivateKeyInput, readBundle, readCertificateFile } from './bundle.ts';
import { orderChain } from './chain.ts';
import { findLeaf, matchKey } from './leaf.ts';
import { type ManifestValues, manifestValues } from './manifest.ts';
import { thumbprintHex, x5t, x5tS256 } from './thumbprint.ts';
import { readTime, requireInForce } from './validity.ts';

/**
 * A certificate and, unless `readPublicCertificate` made it, its private key, out of sight of `inspect`, JSON and spread.
 */
export interface ClientCertificate {
  /** The subject's distinguished name, its parts joined by ", ". */
  readonly subject: string;
  /** First and last instant of its validity, epoch milliseconds. RFC 5280 §4.1.2.5. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly x5t: string;
  readonly x5tS256: string;
  /** SHA-1 in upper-case hexadecimal, as portals show it. */
  readonly thumbprintHex: string;
  /** The chain, leaf first, each certificate in padded base64 of its DER. */
  readonly x5c: readonly string[];
  /** What its key can sign with, the preferred one first. */
  readonly algorithms: readonly SigningAlgorithm[];
  /** The values an Entra app registration's manifest wants under `keyCredentials`, in plain base64. */
  readonly manifest: ManifestValues;
}

/**
 * A certificate with its key and chain, from PEM or DER. The leaf is the certificate that matches the private key, wherever it
 * stands, the one in force where several do; the rest of the chain is put in order. A PKCS#12 file is read by `readPkcs12` instead.
 *
 * @param options.pem  certificates, and the private key too unless `privateKey` holds it; prose and CRLF are fine
 * @param options.der  instead of `pem`: one certificate in DER, as a `.cer` file holds it
 * @param options.privateKey  the key where it is a file of its own, in PEM or in DER (PKCS#8, encrypted or not, PKCS#1, SEC 1)
 * @param options.passphrase  opens an encrypted key
 * @param options.nowMs  epoch milliseconds; the certificate must be valid at this instant
 * @throws {ProtocolError} `invalid_certificate`, `invalid_credential`, `wrong_passphrase`, `certificate_key_mismatch`,
 *   `weak_key`, `unsupported_algorithm`, `certificate_expired`, `certificate_not_yet_valid`, `invalid_parameter`
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(options: CertificateInput & PrivateKeyInput & { readonly nowMs: number }): ClientCertificate {
  return holdKey(readBundle(options), options.nowMs);
}

/**
 * A certificate and its chain alone, to stand beside a signer whose key is elsewhere: in an HSM, a key vault, a cloud's KMS. The
 * leaf is the one certificate that is the issuer of none of the others. A private key in the file is left alone.
 *
 * @param options.pem  certificates; prose and CRLF are fine
 * @param options.der  instead of `pem`: one certificate in DER, as a `.cer` file holds it
 * @param options.nowMs  epoch milliseconds; the certificate must be valid at this instant
 * @throws {ProtocolError} `invalid_certificate` also if more than one may be the leaf; `weak_key`, `unsupported_algorithm`,
 *   `certificate_expired`, `certificate_not_yet_valid`, `invalid_parameter`
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readPublicCertificate(options: CertificateInput & { readonly nowMs: number }): ClientCertificate {
  const { certificates } = readCertificateFile(options);
  return hold(findLeaf(certificates), { certificates, nowMs: options.nowMs });
}

/**
 * The certificate of a bundle that belongs to its private key, with that key and its chain: what every reader of a file
 * format ends with.
 *
 * @throws {ProtocolError} as `readCertificate`
 */
export function holdKey(bundle: Bundle, nowMs: number): ClientCertificate {
  const [leaf, key] = matchKey(bundle, nowMs);
  return hold(leaf, { certificates: bundle.certificates, nowMs, key });
}

/**
 * A signer with the certificate's key.
 *
 * @param algorithm  default: the preferred one of the key
 * @throws {ProtocolError} `unsupported_algorithm`; `invalid_credential` as `privateKeyOf`
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export function certificateSigner(certificate: ClientCertificate, algorithm?: SigningAlgorithm): Signer {
  return createSigner(privateKeyOf(certificate), algorithm);
}

/**
 * The private key that is held with this certificate.
 *
 * @throws {ProtocolError} `invalid_credential` if there is none, or the object is not one that a reader here returned
 */
export function privateKeyOf(certificate: ClientCertificate): KeyObject {
  return HeldCertificate.keyOf(certificate);
}

function hold(
  leaf: X509Certificate,
  { certificates, nowMs, key }: { readonly certificates: Bundle['certificates']; readonly nowMs: number; readonly key?: KeyObject },
): ClientCertificate {
  const publicKey = publicKeyOf(leaf);
  requireStrongKey(publicKey);
  requireSigningKey(publicKey);
  const certificate = new HeldCertificate(orderChain(leaf, certificates), { publicKey, key });
  requireInForce(certificate, nowMs);
  return certificate;
}

function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch {
    throw new ProtocolError(
      'invalid_certificate',
      "The certificate's public key is of a kind that this runtime does not know; use another",
    );
  }
}

function requireSigningKey(key: KeyObject): void {
  if (algorithmsOf(key).length > 0) return;
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
  throw new ProtocolError(
    'unsupported_algorithm',
    `The certificate's key is of the kind ${quote(kind)}, which no registered algorithm fits; use a plain RSA, P-256, P-384, P-521 or Ed25519 key`,
  );
}

class HeldCertificate implements ClientCertificate {
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly x5t: string;
  readonly x5tS256: string;
  readonly thumbprintHex: string;
  readonly x5c: readonly string[];
  readonly algorithms: readonly SigningAlgorithm[];
  readonly manifest: ManifestValues;
  readonly #key: KeyObject | undefined;

  constructor(
    chain: readonly X509Certificate[],
    { publicKey, key }: { readonly publicKey: KeyObject; readonly key: KeyObject | undefined },
  ) {
    const leaf = chain[0] as X509Certificate;
    const der = leaf.raw;
    // Absent for a certificate without one, though the types do not say so.
    this.subject = (leaf.subject ?? '').replaceAll('\n', ', ');
    this.notBeforeMs = readTime(leaf.validFrom);
    this.notAfterMs = readTime(leaf.validTo);
    this.x5t = x5t(der);
    this.x5tS256 = x5tS256(der);
    this.thumbprintHex = thumbprintHex(der);
    this.x5c = Object.freeze(chain.map((certificate) => certificate.raw.toString('base64')));
    this.algorithms = Object.freeze(algorithmsOf(publicKey));
    this.manifest = Object.freeze(manifestValues(der));
    this.#key = key;
    Object.freeze(this);
  }

  static keyOf(certificate: ClientCertificate): KeyObject {
    const isHeld = typeof certificate === 'object' && certificate !== null && #key in certificate;
    if (isHeld && certificate.#key !== undefined) return certificate.#key;
    throw new ProtocolError(
      'invalid_credential',
      isHeld
        ? 'The certificate was read without its private key; give a signer beside it, or read it with readCertificate'
        : 'The certificate holds no private key of ours; pass the object that readCertificate returned, not a copy',
    );
  }
}
