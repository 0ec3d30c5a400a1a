/** What the tests of this package share: a clock set by hand, values of a given lifetime, and an `acquire` that ends when told. */
import type { Expiring } from '@client-credentials/token-cache';

export const START_MS = 1_800_000_000_000;
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export interface Value extends Expiring {
  readonly name: string;
}

export interface Clock {
  nowMs: number;
  readonly now: () => number;
}

export function createClock(): Clock {
  const clock = { nowMs: START_MS, now: () => clock.nowMs };
  return clock;
}

/** When a value with an hour to live is due without jitter, and when, by its margin of 60 s, callers wait for another. */
export const DUE_MS: number = 54 * MINUTE_MS;
export const HARD_MS: number = 59 * MINUTE_MS;

/** A value received at `atMs`. */
export function value(name: string, { atMs = START_MS, lifetimeMs = HOUR_MS }: { atMs?: number; lifetimeMs?: number } = {}): Value {
  return Object.freeze({ name, receivedAtMs: atMs, expiresAtMs: atMs + lifetimeMs });
}

/** An `acquire` whose calls are listed, each to be resolved or rejected by the test. It ignores its signal. */
export interface Source {
  readonly acquire: (signal: AbortSignal) => Promise<Value>;
  readonly calls: { readonly signal: AbortSignal; readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void }[];
}

export function createSource(): Source {
  const calls: Source['calls'] = [];
  return {
    calls,
    acquire: (signal) =>
      new Promise((resolve, reject) => {
        calls.push({ signal, resolve, reject });
      }),
  };
}

/** For a call that must not acquire anything. */
export function unexpected(): Promise<never> {
  throw new Error('acquire was called');
}

/** An `acquire` that fails for a passing reason. */
export function failing(): Promise<never> {
  return Promise.reject(new Error('unreachable'));
}

/** Lets everything run that waits for nothing but promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
