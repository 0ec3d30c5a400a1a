/** Reads certificates and private keys from what a caller hands in, PEM or DER. RFC 7468 §5, §10, §11; RFC 5280 §4.1. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { type FileRole, fileFormat, misplacedFile, requireOctets, requireSmall } from './file-format.ts';
import { type PemBlock, parsePem } from './pem.ts';
import { isPrivateKey, KEY_FILE, readDerPrivateKey, readPrivateKey, requireFewKeys, requirePassphrase } from './private-key.ts';

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

/** What one file holds. Its keys stay closed until somebody wants them. */
export interface FileContents {
  readonly certificates: readonly X509Certificate[];
  readonly openKeys: (passphrase: string | undefined) => readonly KeyObject[];
}

/**
 * Every certificate and private key in the input.
 *
 * @throws {ProtocolError} `invalid_certificate`, `invalid_credential`, `wrong_passphrase`, `invalid_parameter`
 * @see RFC 7468 §5 https://www.rfc-editor.org/rfc/rfc7468#section-5
 */
export function readBundle(input: CertificateInput & PrivateKeyInput): Bundle {
  const files = [readCertificateFile(input)];
  requirePassphrase(input.passphrase);
  if (input.privateKey !== undefined) files.push(readKeyFile(input.privateKey));
  return {
    certificates: files.flatMap(({ certificates }) => certificates),
    keys: files.flatMap(({ openKeys }) => openKeys(input.passphrase)),
  };
}

/**
 * The certificates in the input; a private key beside them is left alone.
 *
 * @throws {ProtocolError} `invalid_certificate`
 * @see RFC 7468 §5 https://www.rfc-editor.org/rfc/rfc7468#section-5
 */
export function readCertificateFile(input: CertificateInput): FileContents {
  const { pem, der } = input ?? {};
  if (pem !== undefined && der !== undefined) {
    throw new ProtocolError('invalid_certificate', 'The certificate is given twice, as pem and as der; give one of them');
  }
  return der === undefined ? readPem(pem, PEM_FILE) : { certificates: [readDer(der)], openKeys: () => [] };
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

function readPem(pem: string | Uint8Array, role: FileRole): FileContents {
  const blocks = parsePem(pem, role);
  const keys = blocks.filter(isPrivateKey);
  return {
    certificates: blocks.filter(isCertificate).map(readBlock),
    openKeys: (passphrase) => {
      requireFewKeys(keys);
      return keys.map((key) => readPrivateKey(key, passphrase));
    },
  };
}

function readDer(der: unknown): X509Certificate {
  const octets = requireOctets(der, CERTIFICATE_FILE);
  const format = fileFormat(octets);
  if (format !== 'certificate') throw misplacedFile(format, CERTIFICATE_FILE);
  return readX509(octets);
}

function readKeyFile(file: string | Uint8Array): FileContents {
  if (file instanceof Uint8Array) {
    requireSmall(file, KEY_FILE);
    if (fileFormat(file) !== 'pem') return { certificates: [], openKeys: (passphrase) => [readDerPrivateKey(file, passphrase)] };
  }
  return readPem(file, KEY_FILE);
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

const PEM_FILE: FileRole = { name: 'The PEM text', code: 'invalid_certificate' };
const CERTIFICATE_FILE: FileRole = { name: 'The certificate', code: 'invalid_certificate' };
