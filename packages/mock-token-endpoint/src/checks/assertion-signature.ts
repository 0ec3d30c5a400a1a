/** Whether an assertion is signed with a registered certificate. RFC 7515 §4.1.7, §4.1.8 and §5.2. */
import type { Assertion } from '../assertion.ts';
import type { RegisteredCertificate } from '../directory/directory.ts';
import type { AadstsRefusal } from '../entra/aadsts.ts';
import type { Checks } from './checks.ts';
import { isSignedBy } from './signature.ts';

interface SignatureContext {
  readonly header: Assertion['header'];
  /** The compact form. */
  readonly text: string;
  readonly certificates: readonly RegisteredCertificate[];
  readonly nowMs: number;
}

/** Passes when the header's thumbprints are of a registered and valid certificate, and its key verifies the signature. */
export async function checkSignature(
  checks: Checks<AadstsRefusal>,
  { header, text, certificates, nowMs }: SignatureContext,
): Promise<void> {
  const certificate = certificates.find((candidate) => isNamedBy(header, candidate));
  checks.require(certificate !== undefined, {
    name: 'the thumbprint is of a registered certificate',
    section: 'RFC 7515 §4.1.8',
    refusal: { aadsts: 700027, values: { reason: 'The key was not found.' } },
  });
  checks.require(certificate.notBeforeMs <= nowMs && nowMs <= certificate.notAfterMs, {
    name: 'the certificate is within its validity',
    section: 'RFC 5280 §4.1.2.5',
    refusal: { aadsts: 1000502 },
  });
  checks.require(await isSignedBy(text, { key: certificate.publicKey, algorithms: ['PS256', 'RS256'] }), {
    name: 'the signature verifies with that certificate',
    section: 'RFC 7515 §5.2',
    refusal: { aadsts: 700027, values: { reason: 'The provided signature value did not match the expected signature value.' } },
  });
}

/** Every thumbprint in the header must be this certificate's. Some clients pad theirs with `=`. */
function isNamedBy(header: Assertion['header'], certificate: RegisteredCertificate): boolean {
  const named = [
    { value: header['x5t#S256'], thumbprint: certificate.x5tS256 },
    { value: header['x5t'], thumbprint: certificate.x5t },
  ].filter(({ value }) => value !== undefined);
  return named.length > 0 && named.every(({ value, thumbprint }) => String(value).replace(/=+$/, '') === thumbprint);
}
