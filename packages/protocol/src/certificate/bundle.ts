/** Reads certificates and private keys from what a caller hands in, PEM or DER. RFC 7468 §5, §10, §11; RFC 5280 §4.1. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { fileFormat, misplacedFile, requireOctets } from './file-format.ts';
import { type PemBlock, parsePem } from './pem.ts';
import { isPrivateKey, readDerPrivateKey, readPrivateKey } from './private-key.ts';

/** What was found, in no particular order. */
export interface Bundle {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

/** A certificate in one of the two forms. */
export type CertificateInput =
  | {
      /** Certificates, and the private key too unless `privateKey` holds it; prose and CRLF are fine. */
      readonly pem: string | Uint8Array;
      readonly der?: undefined;
    }
  | {
      /** One certificate, as a `.cer` file holds it. Its key is given as `privateKey`. */
      readonly der: Uint8Array;
      readonly pem?: undefined;
    };

/** The key of a certificate, where it is a file of its own. */
export interface PrivateKeyInput {
  /** A private key in PEM, or in DER: PKCS#8, encrypted or not, PKCS#1, SEC 1. */
  readonly privateKey?: string | Uint8Array | undefined;
  /** Opens an encrypted key. */
  readonly passphrase?: string | undefined;
}

/**
 * Every certificate and private key in the input.
 *
 * @throws {ProtocolError} `invalid_certificate`, `invalid_credential`, `wrong_passphrase`
 * @see RFC 7468 §5 https://www.rfc-editor.org/rfc/rfc7468#section-5
 */
export function readBundle({ pem, der, privateKey, passphrase }: CertificateInput & PrivateKeyInput): Bundle {
  if (pem !== undefined && der !== undefined) {
    throw new ProtocolError('invalid_certificate', 'The certificate is given twice, as pem and as der; give one of them');
  }
  const bundle = der === undefined ? readPem(pem, passphrase) : { certificates: [readDer(der)], keys: [] };
  if (privateKey === undefined) return bundle;
  const { certificates, keys } = readKeyFile(privateKey, passphrase);
  return { certificates: [...bundle.certificates, ...certificates], keys: [...bundle.keys, ...keys] };
}

/**
 * The certificate that these octets are.
 *
 * @throws {ProtocolError} `invalid_certificate` if they are not one whole certificate and nothing else
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function readX509(der: Uint8Array): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    // Fall through: what OpenSSL says of it helps nobody.
  }
  throw new ProtocolError('invalid_certificate', 'The octets are not one whole certificate in DER; the file may be damaged');
}

function readPem(pem: string | Uint8Array, passphrase: string | undefined): Bundle {
  const blocks = parsePem(pem);
  return {
    certificates: blocks.filter(isCertificate).map(readBlock),
    keys: blocks.filter(isPrivateKey).map((block) => readPrivateKey(block, passphrase)),
  };
}

function readDer(der: unknown): X509Certificate {
  const octets = requireOctets(der, 'The certificate');
  const format = fileFormat(octets);
  if (format !== 'certificate') throw misplacedFile({ name: 'The certificate', format });
  return readX509(octets);
}

function readKeyFile(file: string | Uint8Array, passphrase: string | undefined): Bundle {
  if (typeof file === 'string') return readPem(file, passphrase);
  const octets = requireOctets(file, 'The private key');
  if (fileFormat(octets) === 'pem') return readPem(octets, passphrase);
  return { certificates: [], keys: [readDerPrivateKey(octets, passphrase)] };
}

/** RFC 7468 §5 wants the bare label. Older tools write `X509` before it, `openssl x509 -trustout` writes `TRUSTED`. */
function isCertificate({ label }: PemBlock): boolean {
  return /^(X509 |TRUSTED )?CERTIFICATE$/.test(label);
}

function readBlock({ label, text }: PemBlock): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new ProtocolError('invalid_certificate', `A ${label} block does not hold a certificate; the file may be damaged`);
  }
}
