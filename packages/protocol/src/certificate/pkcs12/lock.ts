/** The passphrase of a PKCS#12 file and the work it may cost to use it. RFC 7292 Appendix B.1, RFC 8018 §4.2. */
import { type DerElement, DerError, wholeNumber } from '../der.ts';
import { unsupported } from './refusal.ts';

/** What opens the parts of one file. */
export interface Lock {
  /**
   * The passphrase as it goes into the derivation of RFC 7292 Appendix B: as a string it is followed by two zero octets, so
   * that the empty string gives those alone; `null` gives no octets at all.
   */
  readonly passphrase: string | null;
  readonly work: WorkBudget;
}

/**
 * The ways in which writers of PKCS#12 have taken this passphrase. For none or an empty one there are two: OpenSSL ends even
 * the empty string with zeros, others take it for nothing.
 */
export function passphraseForms(passphrase: string | undefined): readonly (string | null)[] {
  return passphrase === undefined || passphrase === '' ? ['', null] : [passphrase];
}

/** How long the reader of one file may compute: a file names an iteration count in every encrypted part, and there may be many. */
export class WorkBudget {
  readonly #maxIterations: number;
  #spent = 0;

  constructor(maxIterations: number) {
    this.#maxIterations = maxIterations;
  }

  /** How often a derivation repeats, checked and booked before it starts. */
  readIterations(element: DerElement | undefined): number {
    const iterations = wholeNumber(element);
    if (iterations === 0) throw new DerError('it asks for no iterations');
    const allowed = `maxIterations (${this.#maxIterations})`;
    if (iterations > this.#maxIterations) throw unsupported(`asks for ${iterations} iterations, more than ${allowed}`);
    this.#spent += iterations;
    if (this.#spent > MOST_PARTS * this.#maxIterations)
      throw unsupported(`asks for more iterations in all than ${MOST_PARTS} times ${allowed}`);
    return iterations;
  }
}

/** The MAC, the certificates and the key are three parts, and tools write no more. */
const MOST_PARTS = 4;
