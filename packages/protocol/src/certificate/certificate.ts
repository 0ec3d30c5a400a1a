/** A client's certificate with its private key: read, matched, checked, and ready to sign. RFC 5280 §4.1, RFC 7515 §4.1.6 to §4.1.8. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { algorithmsOf, requireStrongKey, type SigningAlgorithm } from '../jws/algorithm.ts';
import { createSigner, type Signer } from '../jws/signer.ts';
import { type Bundle, type CertificateInput, type PrivateKeyInput, readBundle } from './bundle.ts';
import { orderChain } from './chain.ts';
import { matchKey } from './leaf.ts';
import { type ManifestValues, manifestValues } from './manifest.ts';
import { thumbprintHex, x5t, x5tS256 } from './thumbprint.ts';
import { readTime, requireInForce } from './validity.ts';

/** A certificate whose private key is held with it, out of sight of `inspect`, JSON and spread. `readCertificate` makes one. */
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
 * A certificate with its key and chain, from PEM or DER. The leaf is the one certificate that matches the private key,
 * wherever it stands; the rest of the chain is put in order. A PKCS#12 file is read by `readPkcs12` instead.
 *
 * @param options.pem  certificates, and the private key too unless `privateKey` holds it; prose and CRLF are fine
 * @param options.der  instead of `pem`: one certificate in DER, as a `.cer` file holds it
 * @param options.privateKey  the key where it is a file of its own, in PEM or in DER (PKCS#8, encrypted or not, PKCS#1, SEC 1)
 * @param options.passphrase  opens an encrypted key
 * @param options.nowMs  epoch milliseconds; the certificate must be valid at this instant
 * @throws {ProtocolError} `invalid_certificate`, `invalid_credential`, `wrong_passphrase`, `certificate_key_mismatch`,
 *   `weak_key`, `unsupported_algorithm`, `certificate_expired`, `certificate_not_yet_valid`
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(options: CertificateInput & PrivateKeyInput & { readonly nowMs: number }): ClientCertificate {
  return holdKey(readBundle(options), options.nowMs);
}

/**
 * The certificate of a bundle that belongs to its private key, with that key and its chain: what every reader of a file
 * format ends with.
 *
 * @throws {ProtocolError} as `readCertificate`
 */
export function holdKey({ certificates, keys }: Bundle, nowMs: number): ClientCertificate {
  const [leaf, key] = matchKey(certificates, keys);
  requireStrongKey(key);
  const certificate = new CertificateWithKey(orderChain(leaf, certificates), key);
  requireInForce(certificate, nowMs);
  return certificate;
}

/**
 * A signer with the certificate's key.
 *
 * @param algorithm  default: the preferred one of the key
 * @throws {ProtocolError} `unsupported_algorithm`; `invalid_credential` if the object did not come from `readCertificate`
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export function certificateSigner(certificate: ClientCertificate, algorithm?: SigningAlgorithm): Signer {
  return createSigner(CertificateWithKey.keyOf(certificate), algorithm);
}

class CertificateWithKey implements ClientCertificate {
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly x5t: string;
  readonly x5tS256: string;
  readonly thumbprintHex: string;
  readonly x5c: readonly string[];
  readonly algorithms: readonly SigningAlgorithm[];
  readonly manifest: ManifestValues;
  readonly #key: KeyObject;

  constructor(chain: readonly X509Certificate[], key: KeyObject) {
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
    this.algorithms = Object.freeze(algorithmsOf(key));
    this.manifest = Object.freeze(manifestValues(der));
    this.#key = key;
    Object.freeze(this);
  }

  static keyOf(certificate: ClientCertificate): KeyObject {
    if (typeof certificate === 'object' && certificate !== null && #key in certificate) return certificate.#key;
    throw new ProtocolError(
      'invalid_credential',
      'The certificate holds no private key of ours; pass the object that readCertificate returned, not a copy',
    );
  }
}
