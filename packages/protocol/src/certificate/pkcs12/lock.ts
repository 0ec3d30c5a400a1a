/** The passphrase of a PKCS#12 file and the work it may cost to try it. RFC 7292 Appendix B.1, RFC 8018 §4.2. */
import { type DerElement, DerError, wholeNumber } from '../der.ts';
import { unsupported } from './refusal.ts';

/** What opens the parts of one file. */
export interface Lock {
  /**
   * The passphrase as it goes into the derivation of RFC 7292 Appendix B: as a string it is followed by two zero octets, so
   * that the empty string gives those alone; `null` gives no octets at all.
   */
  readonly passphrase: string | null;
  readonly maxIterations: number;
}

/**
 * The ways in which writers of PKCS#12 have taken this passphrase. For none or an empty one there are two: OpenSSL ends even
 * the empty string with zeros, others take it for nothing.
 */
export function passphraseForms(passphrase: string | undefined): readonly (string | null)[] {
  return passphrase === undefined || passphrase === '' ? ['', null] : [passphrase];
}

/** How often a derivation repeats, checked before it starts: a file decides how long its reader computes. */
export function readIterations(element: DerElement | undefined, { maxIterations }: Pick<Lock, 'maxIterations'>): number {
  const iterations = wholeNumber(element);
  if (iterations === 0) throw new DerError('it asks for no iterations');
  if (iterations > maxIterations) throw unsupported(`asks for ${iterations} iterations, more than maxIterations (${maxIterations})`);
  return iterations;
}
