/** How options are refused: by name, with their value, and with what was expected. */
import { TokenCacheError } from './errors.ts';

export function invalid(name: string, value: unknown, expected: string): TokenCacheError {
  return new TokenCacheError('invalid_option', `${name} is ${String(value)}, expected ${expected}`);
}

export function expectWithin(name: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw invalid(name, value, `a number from ${least} to ${most}`);
}

/** What `setTimeout` can hold; beyond it a timer fires at once. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;
