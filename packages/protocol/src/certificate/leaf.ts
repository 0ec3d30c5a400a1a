/** Which certificate is the client's own: the one that belongs to its private key or, where that is elsewhere, the last one issued. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import { readTime } from './validity.ts';

/**
 * The certificate and the key that belong together, wherever in a bundle they stand. A renewal keeps the old certificate beside
 * the new one: one in force goes before one that is not, and then the one that lasts longest.
 *
 * @throws {ProtocolError} `invalid_certificate` for no certificate or over 32, `invalid_credential` for no key,
 *   `certificate_key_mismatch` if no two belong together
 */
export function matchKey({ certificates, keys }: Bundle, nowMs: number): readonly [X509Certificate, KeyObject] {
  requireSome(certificates);
  if (keys.length === 0) {
    throw new ProtocolError(
      'invalid_credential',
      'There is no private key in what was given; give the private key that belongs to the certificate',
    );
  }
  const pairs = keys.flatMap((key) =>
    certificates.filter((certificate) => certificate.checkPrivateKey(key)).map((certificate) => [certificate, key] as const),
  );
  const pair = longestOf(pairs.filter(([certificate]) => isInForce(certificate, nowMs))) ?? longestOf(pairs);
  if (pair !== undefined) return pair;
  throw new ProtocolError(
    'certificate_key_mismatch',
    `The private key belongs to none of the certificates given (${subjectsOf(certificates)}); check which files were paired`,
  );
}

/**
 * The one certificate that is the issuer of none of the others, by what they say of themselves.
 *
 * @throws {ProtocolError} `invalid_certificate` if there is none, more than one, or over 32 certificates
 */
export function findLeaf(certificates: readonly X509Certificate[]): X509Certificate {
  requireSome(certificates);
  const isIssuer = (candidate: X509Certificate): boolean =>
    certificates.some((other) => !other.raw.equals(candidate.raw) && other.checkIssued(candidate));
  const leaves = certificates.filter((candidate) => !isIssuer(candidate));
  const [leaf] = leaves;
  if (leaf !== undefined && leaves.every(({ raw }) => raw.equals(leaf.raw))) return leaf;
  throw new ProtocolError(
    'invalid_certificate',
    `It is not clear which certificate is the client's own (${subjectsOf(certificates)}); give that one and its issuers alone`,
  );
}

/** Whom the client trusts does not belong here: every further certificate is tried as a leaf, and as an issuer of every other. */
function requireSome(certificates: readonly X509Certificate[]): void {
  const { length } = certificates;
  if (length === 0) throw new ProtocolError('invalid_certificate', "There is no certificate in what was given; give the client's own");
  if (length > MOST_CERTIFICATES) {
    throw new ProtocolError(
      'invalid_certificate',
      `There are ${length} certificates in what was given, more than ${MOST_CERTIFICATES}; give the client's own chain alone`,
    );
  }
}

function isInForce({ validFrom, validTo }: X509Certificate, nowMs: number): boolean {
  return readTime(validFrom) <= nowMs && nowMs <= readTime(validTo);
}

/** The first of those whose validity ends last. */
function longestOf<Pair extends readonly [X509Certificate, KeyObject]>(pairs: readonly Pair[]): Pair | undefined {
  return pairs.toSorted(([one], [other]) => readTime(other.validTo) - readTime(one.validTo))[0];
}

function subjectsOf(certificates: readonly X509Certificate[]): string {
  return certificates.map(({ subject, fingerprint }) => quote(subject ?? fingerprint)).join(', ');
}

const MOST_CERTIFICATES = 32;
