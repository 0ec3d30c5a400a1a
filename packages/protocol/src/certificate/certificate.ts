/** A client's certificate with its private key: read, matched, checked, and ready to sign. RFC 5280 §4.1, RFC 7515 §4.1.6 to §4.1.8. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';
import { algorithmsOf, requireStrongKey, type SigningAlgorithm } from '../jws/algorithm.ts';
import { createSigner, type Signer } from '../jws/signer.ts';
import { orderChain } from './chain.ts';
import { type PemBlock, parsePem } from './pem.ts';
import { isPrivateKey, readPrivateKey } from './private-key.ts';
import { thumbprintHex, x5t, x5tS256 } from './thumbprint.ts';

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
  readonly manifest: { readonly customKeyIdentifier: string; readonly key: string };
}

/**
 * The certificate in a PEM text, with its key and chain. The leaf is the one certificate that matches the private key,
 * wherever it stands; the rest of the chain is put in order.
 *
 * @param options.pem  certificates, and the private key too unless `privateKey` holds it; prose and CRLF are fine
 * @param options.privateKey  the PEM text of the key, where it is a file of its own
 * @param options.passphrase  opens an encrypted key
 * @param options.nowMs  epoch milliseconds; the certificate must be valid at this instant
 * @throws {ProtocolError} `invalid_certificate`, `invalid_credential`, `wrong_passphrase`, `certificate_key_mismatch`,
 *   `weak_key`, `unsupported_algorithm`, `certificate_expired`, `certificate_not_yet_valid`
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readCertificate(options: {
  pem: string | Uint8Array;
  privateKey?: string | Uint8Array | undefined;
  passphrase?: string | undefined;
  nowMs: number;
}): ClientCertificate {
  const blocks = [...parsePem(options.pem), ...parsePem(options.privateKey ?? '')];
  const certificates = blocks.filter((block) => block.label === 'CERTIFICATE').map(readX509);
  const keys = blocks.filter(isPrivateKey).map((block) => readPrivateKey(block, options.passphrase));
  const [leaf, key] = matchKey(certificates, keys);
  requireStrongKey(key);
  const certificate = new CertificateWithKey(orderChain(leaf, certificates), key);
  requireInForce(certificate, options.nowMs);
  return certificate;
}

/**
 * Throws unless the certificate is valid at this instant.
 *
 * @throws {ProtocolError} `certificate_not_yet_valid` or `certificate_expired`, with the date
 * @see RFC 5280 §4.1.2.5 https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
 */
export function requireInForce(certificate: ClientCertificate, nowMs: number): void {
  const { subject, notBeforeMs, notAfterMs } = certificate;
  if (nowMs < notBeforeMs) {
    const from = new Date(notBeforeMs).toISOString();
    throw new ProtocolError(
      'certificate_not_yet_valid',
      `The certificate ${quote(subject)} is valid from ${from} on; check this clock, or wait`,
    );
  }
  if (nowMs > notAfterMs) {
    const until = new Date(notAfterMs).toISOString();
    throw new ProtocolError(
      'certificate_expired',
      `The certificate ${quote(subject)} was valid until ${until}; register and deploy a new one`,
    );
  }
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
  readonly manifest: { readonly customKeyIdentifier: string; readonly key: string };
  readonly #key: KeyObject;

  constructor(chain: readonly X509Certificate[], key: KeyObject) {
    const leaf = chain[0] as X509Certificate;
    const der = leaf.raw;
    this.subject = leaf.subject.replaceAll('\n', ', ');
    this.notBeforeMs = readTime(leaf.validFrom);
    this.notAfterMs = readTime(leaf.validTo);
    this.x5t = x5t(der);
    this.x5tS256 = x5tS256(der);
    this.thumbprintHex = thumbprintHex(der);
    this.x5c = Object.freeze(chain.map((certificate) => certificate.raw.toString('base64')));
    this.algorithms = Object.freeze(algorithmsOf(key));
    this.manifest = Object.freeze({
      customKeyIdentifier: Buffer.from(this.thumbprintHex, 'hex').toString('base64'),
      key: der.toString('base64'),
    });
    this.#key = key;
    Object.freeze(this);
  }

  static keyOf(certificate: ClientCertificate): KeyObject {
    if (#key in certificate) return certificate.#key;
    throw new ProtocolError(
      'invalid_credential',
      'The certificate holds no private key of ours; pass the object that readCertificate returned, not a copy',
    );
  }
}

function readX509(block: PemBlock): X509Certificate {
  try {
    return new X509Certificate(block.text);
  } catch {
    throw new ProtocolError('invalid_certificate', 'A CERTIFICATE block does not hold a certificate; the file may be damaged');
  }
}

function matchKey(certificates: readonly X509Certificate[], keys: readonly KeyObject[]): readonly [X509Certificate, KeyObject] {
  if (certificates.length === 0) {
    throw new ProtocolError('invalid_certificate', 'There is no CERTIFICATE block in the PEM text; give the certificate beside the key');
  }
  if (keys.length === 0) {
    throw new ProtocolError(
      'invalid_credential',
      'There is no PRIVATE KEY block in the PEM text; give the private key that belongs to the certificate',
    );
  }
  for (const key of keys) {
    const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
    if (leaf !== undefined) return [leaf, key];
  }
  const subjects = certificates.map((certificate) => quote(certificate.subject)).join(', ');
  throw new ProtocolError(
    'certificate_key_mismatch',
    `The private key belongs to none of the certificates given (${subjects}); check which files were paired`,
  );
}

/** OpenSSL's text of a certificate's time, such as `May  2 12:37:09 2022 GMT`, in epoch milliseconds. */
function readTime(text: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new ProtocolError('invalid_certificate', `The certificate's validity holds ${quote(text)}, which is no date`);
  return timeMs;
}
