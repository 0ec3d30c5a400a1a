/** The options of a cache, their defaults and limits. Read once: a later change to the object changes nothing. */
import { TokenCacheError } from './errors.ts';
import type { Expiring, FreshnessPolicy } from './freshness.ts';

export interface TokenCacheOptions<_V extends Expiring = Expiring> {
  /** How many values are kept. Beyond that the longest expired goes, else one not used lately. Default 10 000. */
  readonly maxEntries?: number | undefined;
  /** When values are due and expired. A `jitter` given here holds for every value; without it each gets its own. */
  readonly policy?: FreshnessPolicy | undefined;
  /** How long one `acquire` may take before its flight is given up. Default 30 000 ms. */
  readonly flightTimeoutMs?: number | undefined;
  /** Whether a failure of `acquire` rules out the old value, though that is still valid. Default: none does. */
  readonly isPermanent?: ((error: unknown) => boolean) | undefined;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Numbers from 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export interface Settings {
  readonly maxEntries: number;
  readonly policy: FreshnessPolicy;
  readonly flightTimeoutMs: number;
  readonly isPermanent: (error: unknown) => boolean;
  readonly now: () => number;
  readonly random: () => number;
}

/** @throws {TokenCacheError} `invalid_option` naming the option, its value and what was expected */
export function readOptions(options: TokenCacheOptions): Settings {
  const { maxEntries = 10_000, policy = {}, flightTimeoutMs = 30_000 } = options;
  const { isPermanent = () => false, now = Date.now, random = Math.random } = options;
  const { marginMs, refreshBeforeMs, jitter } = policy;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) throw invalid('maxEntries', maxEntries, 'a whole number of at least 1');
  expectWithin('flightTimeoutMs', flightTimeoutMs, [1, LONGEST_TIMER_MS]);
  expectWithin('policy.marginMs', marginMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('policy.refreshBeforeMs', refreshBeforeMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('policy.jitter', jitter, [-1, 1]);
  return { maxEntries, policy: { marginMs, refreshBeforeMs, jitter }, flightTimeoutMs, isPermanent, now, random };
}

/** What `setTimeout` can hold; beyond it a timer fires at once. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

function expectWithin(name: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw invalid(name, value, `a number from ${least} to ${most}`);
}

function invalid(name: string, value: unknown, expected: string): TokenCacheError {
  return new TokenCacheError('invalid_option', `${name} is ${String(value)}, expected ${expected}`);
}
