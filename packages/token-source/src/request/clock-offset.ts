/** How far this machine's clock is from the server's. It is learnt only when an assertion was refused, and dates assertions only. */
import { parseHttpDate, TokenResponseError } from '@client-credentials/protocol';

/** An exchange in which the server said what time it is. */
export interface DatedExchange {
  /** What the server answered. */
  readonly error: unknown;
  /** Of the answer; the first of a name. */
  readonly header: (name: string) => string | undefined;
  /** The clock before the request and after the answer, epoch milliseconds. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

export class ClockOffset {
  #offsetMs = 0;

  /** What to add to this machine's clock, milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Learns from a refusal, and says whether there was something to learn: `invalid_client`, and a `Date` more than a minute from what
   * the assertion was dated by. A `Date` with an `Age` is a cache's; one more than a day off is no clock's.
   *
   * @see RFC 9110 §6.6.1 https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
   */
  learn({ error, header, sentAtMs, receivedAtMs }: DatedExchange): boolean {
    if (!(error instanceof TokenResponseError && error.error === 'invalid_client') || header('age') !== undefined) return false;
    const dateMs = parseHttpDate(header('date') ?? '', receivedAtMs);
    if (dateMs === undefined) return false;
    // A date has whole seconds, cut off.
    const offsetMs = dateMs + 500 - (sentAtMs + receivedAtMs) / 2;
    if (Math.abs(offsetMs) > MOST_OFF_MS || Math.abs(offsetMs - this.#offsetMs) <= LEAST_OFF_MS) return false;
    this.#offsetMs = Math.round(offsetMs);
    return true;
  }
}

const LEAST_OFF_MS = 60_000;
const MOST_OFF_MS = 24 * 3_600_000;
