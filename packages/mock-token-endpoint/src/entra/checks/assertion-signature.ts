/** Whether an assertion is signed with a registered certificate. RFC 7515 §4.1.7, §4.1.8 and §5.2. */
import type { Assertion } from '../../assertion.ts';
import type { Checks } from '../../checks/checks.ts';
import { isSignedBy } from '../../checks/signature.ts';
import { isValidAt, type RegisteredCertificate } from '../../directory/client.ts';
import type { AssertionRules } from '../../strictness.ts';
import type { AadstsRefusal } from '../aadsts.ts';

interface SignatureContext {
  readonly header: Assertion['header'];
  /** The compact form. */
  readonly text: string;
  readonly certificates: readonly RegisteredCertificate[];
  readonly nowMs: number;
  readonly rules: Pick<AssertionRules, 'needsThumbprint'>;
}

/** Passes when a registered and valid certificate that the header does not contradict verifies the signature; returns that one. */
export async function checkSignature(
  checks: Checks<AadstsRefusal>,
  { header, text, certificates, nowMs, rules }: SignatureContext,
): Promise<RegisteredCertificate> {
  const named = certificates.filter((certificate) => isNamedBy(header, { certificate, rules }));
  checks.require(named.length > 0, {
    name: 'the thumbprint is of a registered certificate',
    section: 'RFC 7515 §4.1.8',
    refusal: { aadsts: 700027, values: { reason: 'The key was not found.' } },
  });
  const valid = named.filter((certificate) => isValidAt(certificate, nowMs));
  checks.require(valid.length > 0, {
    name: 'the certificate is within its validity',
    section: 'RFC 5280 §4.1.2.5',
    refusal: { aadsts: 1000502 },
  });
  const signer = await findSigner(text, valid);
  checks.require(signer !== undefined, {
    name: 'the signature verifies with that certificate',
    section: 'RFC 7515 §5.2',
    refusal: { aadsts: 700027, values: { reason: 'The provided signature value did not match the expected signature value.' } },
  });
  return signer;
}

async function findSigner(text: string, certificates: readonly RegisteredCertificate[]): Promise<RegisteredCertificate | undefined> {
  for (const certificate of certificates) {
    if (await isSignedBy(text, { key: certificate.publicKey, algorithms: ['PS256', 'RS256'] })) return certificate;
  }
  return undefined;
}

/** Every thumbprint in the header must be this certificate's, or without one the `kid`; where none is needed, a header without any names them all. */
function isNamedBy(
  header: Assertion['header'],
  { certificate, rules }: { certificate: RegisteredCertificate; rules: SignatureContext['rules'] },
): boolean {
  const named = [
    { value: header['x5t#S256'], thumbprint: certificate.x5tS256 },
    { value: header['x5t'], thumbprint: certificate.x5t },
  ].filter(({ value }) => value !== undefined);
  if (named.length === 0) return !rules.needsThumbprint || isKeyId(header['kid'], certificate);
  // Some clients pad theirs, which are of a length that takes one `=`.
  return named.every(({ value, thumbprint }) => value === thumbprint || value === `${thumbprint}=`);
}

/** A client may name the certificate by `kid` alone, as either thumbprint. RFC 7515 §4.1.4. */
function isKeyId(kid: unknown, { x5t, x5tS256 }: RegisteredCertificate): boolean {
  return kid === x5t || kid === x5tS256;
}
