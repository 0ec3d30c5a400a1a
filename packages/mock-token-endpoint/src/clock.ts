/** The mock's time: the injected clock plus what tests have advanced it by. */
import { MockError } from './errors.ts';

/** Epoch milliseconds that tests can move. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
  reset(): void;
}

/**
 * A clock that runs with `source` and can be set ahead of it.
 *
 * @param source  epoch milliseconds
 * @throws {MockError} from `advance`: `invalid_option` unless the step is a finite number of milliseconds, 0 or more
 */
export function createClock(source: () => number): Clock {
  let aheadMs = 0;
  return {
    now: () => source() + aheadMs,
    advance: (ms) => {
      if (!(Number.isFinite(ms) && ms >= 0)) {
        throw new MockError('invalid_option', `advanceClock was given ${ms}: give milliseconds, 0 or more; reset() turns the clock back`);
      }
      aheadMs += ms;
    },
    reset: () => {
      aheadMs = 0;
    },
  };
}
