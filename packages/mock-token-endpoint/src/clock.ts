/** The mock's time: the injected clock plus what tests have advanced it by. */
import { MockError } from './errors.ts';

/** Epoch milliseconds that tests can move. */
export interface Clock {
  now(): number;
  /** How far it has been set ahead of its source, in milliseconds. */
  aheadMs(): number;
  advance(ms: number): void;
  reset(): void;
}

/**
 * A clock that runs with `source` and can be set ahead of it.
 *
 * @param source  epoch milliseconds
 * @throws {MockError} from `advance`: `invalid_option` unless the step is a number of milliseconds, 0 or more, that ends before the year 10000
 */
export function createClock(source: () => number): Clock {
  let aheadMs = 0;
  return {
    now: () => source() + aheadMs,
    aheadMs: () => aheadMs,
    advance: (ms) => {
      if (!(Number.isFinite(ms) && ms >= 0)) {
        throw new MockError('invalid_option', `advanceClock was given ${ms}: give milliseconds, 0 or more; reset() turns the clock back`);
      }
      // RFC 9110 §5.6.7: an HTTP date has a year of four digits.
      if (source() + aheadMs + ms >= YEAR_10000_MS) {
        throw new MockError('invalid_option', `advanceClock was given ${ms}: give fewer milliseconds, so that the year stays below 10000`);
      }
      aheadMs += ms;
    },
    reset: () => {
      aheadMs = 0;
    },
  };
}

const YEAR_10000_MS = Date.UTC(10_000, 0, 1);
