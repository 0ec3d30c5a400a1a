/** A certificate's validity: its two dates, and whether an instant lies between them. RFC 5280 §4.1.2.5. */
import { ProtocolError, quote } from '../errors.ts';

/** A certificate as far as its validity goes; times are epoch milliseconds. */
export interface Validity {
  readonly subject: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/**
 * Throws unless the certificate is valid at this instant.
 *
 * @throws {ProtocolError} `certificate_not_yet_valid` or `certificate_expired`, with the date; `invalid_certificate` if it has no
 *   such dates; `invalid_parameter` if `nowMs` is no number
 * @see RFC 5280 §4.1.2.5 https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
 */
export function requireInForce(certificate: Validity, nowMs: number): void {
  // A comparison with NaN or undefined is false, and would let every certificate pass.
  if (!isDate(certificate?.notBeforeMs) || !isDate(certificate.notAfterMs)) {
    throw new ProtocolError('invalid_certificate', 'The certificate has no validity; give the object that readCertificate returned');
  }
  const { subject, notBeforeMs, notAfterMs } = certificate;
  requireTime(nowMs);
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

/** @throws {ProtocolError} `invalid_parameter` unless it is a number that a clock may show */
export function requireTime(nowMs: unknown): void {
  if (!Number.isFinite(nowMs))
    throw new ProtocolError('invalid_parameter', `nowMs is ${quote(nowMs)}; give the present time in epoch milliseconds`);
}

/** Whether a `Date` can hold it. */
function isDate(timeMs: unknown): boolean {
  return typeof timeMs === 'number' && !Number.isNaN(new Date(timeMs).getTime());
}

/** OpenSSL's text of a certificate's time, such as `May  2 12:37:09 2022 GMT`, in epoch milliseconds. */
export function readTime(text: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new ProtocolError('invalid_certificate', `The certificate's validity holds ${quote(text)}, which is no date`);
  return timeMs;
}
