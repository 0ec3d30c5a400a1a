/** What is worth telling somebody about a certificate that works today. RFC 5280 §4.1.2.5 and §4.2.1.3. */
import { quote } from '../errors.ts';
import type { ClientCertificate } from './certificate.ts';
import { permitsDigitalSignature } from './key-usage.ts';
import { requireInForce } from './validity.ts';

/**
 * Sentences for a log or a report: the certificate ends within 30 days; its key usage does not include signing. Empty when all
 * is well. This package logs nothing itself.
 *
 * @param options.nowMs  epoch milliseconds
 * @throws {ProtocolError} as `requireInForce`: a certificate out of its validity is no mere warning
 * @see RFC 5280 §4.2.1.3 https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3
 */
export function certificateWarnings(certificate: ClientCertificate, options: { readonly nowMs: number }): readonly string[] {
  const nowMs = options?.nowMs;
  requireInForce(certificate, nowMs);
  const name = `The certificate ${quote(certificate.subject)}`;
  const warnings: string[] = [];
  if (certificate.notAfterMs - nowMs < SOON_MS) {
    const until = new Date(certificate.notAfterMs).toISOString();
    warnings.push(`${name} is valid until ${until} only; register and deploy a new one before then`);
  }
  if (!permitsDigitalSignature(Buffer.from(certificate.manifest.key, 'base64'))) {
    warnings.push(`${name} has a key usage without digitalSignature; a server may refuse what it signs. Request one that has it`);
  }
  return warnings;
}

const SOON_MS = 30 * 24 * 60 * 60 * 1000;
