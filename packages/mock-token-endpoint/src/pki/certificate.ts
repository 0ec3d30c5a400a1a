/** Builds one X.509 certificate, of an RSA or an EC key and signed with either: node-forge encodes, `node:crypto` signs. RFC 5280 §4.1. */
import { type KeyObject, sign } from 'node:crypto';
import { MockError } from '../errors.ts';
import {
  bitString,
  type Der,
  decode,
  encode,
  explicit,
  integer,
  nullValue,
  objectId,
  sequence,
  setOf,
  smallInteger,
  time,
  utf8String,
} from './der.ts';
import { keyIdentifiers } from './extensions.ts';
import type { KeyPair } from './keys.ts';

/** Whose key signs a certificate, by the name that stands in its own. */
interface Signer {
  readonly subject: string;
  readonly key: KeyPair;
}

export interface CertificateRequest {
  /** Common name. */
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: Signer;
  /** 16 octets that no other certificate of the signer has. */
  readonly serial: Uint8Array;
  /** Epoch milliseconds; a certificate is exact to the second. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Beside the key identifiers, which every certificate has. */
  readonly extensions: readonly Der[];
}

/**
 * The certificate, PEM.
 *
 * @throws {MockError} `invalid_option` for a common name or a validity that no certificate can have
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function buildCertificate(request: CertificateRequest): string {
  const { privateKey } = request.signer.key;
  const algorithm = signatureAlgorithm(privateKey);
  const content = buildContent(request, algorithm);
  return toPem(encode(sequence(content, algorithm, bitString(sign('sha256', encode(content), privateKey)))));
}

/** What is signed: TBSCertificate. */
function buildContent(request: CertificateRequest, algorithm: Der): Der {
  const { subject, publicKey, signer, serial, notBeforeMs, notAfterMs, extensions } = request;
  const identifiers = keyIdentifiers({ subjectKey: publicKey, signerKey: signer.key.publicKey });
  return sequence(
    explicit(0, smallInteger(VERSION_3)),
    integer(positive(serial)),
    algorithm,
    commonName(signer.subject),
    validity(notBeforeMs, notAfterMs),
    commonName(subject),
    decode(publicKey.export({ type: 'spki', format: 'der' })),
    explicit(3, sequence(...extensions, ...identifiers)),
  );
}

/** RFC 4055 §5 wants parameters of NULL for RSA, RFC 5758 §3.2 none for ECDSA. */
function signatureAlgorithm({ asymmetricKeyType }: KeyObject): Der {
  return asymmetricKeyType === 'rsa' ? sequence(objectId(SHA256_WITH_RSA), nullValue()) : sequence(objectId(ECDSA_WITH_SHA256));
}

/** Without a sign bit or a leading zero, as RFC 5280 §4.1.2.2 wants a serial number: positive, at most 20 octets. */
function positive(serial: Uint8Array): Uint8Array {
  return Uint8Array.from(serial, (octet, index) => (index === 0 ? (octet & 0x7f) | 0x40 : octet));
}

function commonName(subject: string): Der {
  if (!COMMON_NAME.test(subject)) {
    throw new MockError(
      'invalid_option',
      `The subject is ${JSON.stringify(subject)}: give 1 to 64 characters, none of them a control character`,
    );
  }
  return sequence(setOf(sequence(objectId(COMMON_NAME_TYPE), utf8String(subject))));
}

function validity(notBeforeMs: number, notAfterMs: number): Der {
  if (!(notBeforeMs >= FIRST_MS && notBeforeMs <= notAfterMs && notAfterMs <= LAST_MS)) {
    throw new MockError(
      'invalid_option',
      `A certificate cannot be valid from ${notBeforeMs} to ${notAfterMs}: give epoch milliseconds of the years 1950 to 9999, the earlier first`,
    );
  }
  return sequence(time(notBeforeMs), time(notAfterMs));
}

/** RFC 7468 §5. */
function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

// RFC 5280 appendix A.1, ub-common-name.
const COMMON_NAME = /^\P{Cc}{1,64}$/u;
const COMMON_NAME_TYPE = '2.5.4.3';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const VERSION_3 = 2;
const FIRST_MS = Date.UTC(1950, 0, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);
