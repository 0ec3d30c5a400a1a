/** A circuit for tests, with a clock set by hand, and stores that fail or never answer. */
import { TokenCacheError } from '@client-credentials/token-cache';
import { expect, vi } from 'vitest';
import { Circuit, type CircuitOptions } from '../src/circuit.ts';
import { fakeTimers } from './fake-timers.ts';
import { type Clock, createClock } from './support.ts';

export const TIMEOUT_MS = 1_000;
export const RETRY_AFTER_MS = 30_000;

export function createCircuit(options: Partial<CircuitOptions> = {}): { circuit: Circuit; clock: Clock; changes: string[] } {
  const clock = createClock();
  const changes: string[] = [];
  const onChange = (state: string): void => {
    changes.push(state);
  };
  const circuit = new Circuit({ timeoutMs: TIMEOUT_MS, retryAfterMs: RETRY_AFTER_MS, now: clock.now, onChange, ...options });
  return { circuit, clock, changes };
}

export async function failing(): Promise<never> {
  throw new Error('down');
}

export function hanging(): Promise<never> {
  return new Promise(() => {});
}

/** That a read is rejected at once, and nothing is asked of the store for it, nor behind its back. */
export async function expectLeftAlone(circuit: Circuit): Promise<void> {
  const asked = vi.fn(hanging);
  await expect(circuit.read(asked)).rejects.toEqual(unavailable());
  expect(asked).not.toHaveBeenCalled();
}

export function unavailable(): TokenCacheError {
  return new TokenCacheError('store_unavailable', 'the store failed lately and is left alone for a while');
}

/** From now on until the test ends, time passes only in `pass`. */
export function stopTime(): void {
  fakeTimers('setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate');
}

/** Lets that much time pass, and what is then due in the next turn, for which the stopped time needs a millisecond more. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.advanceTimersByTimeAsync(1);
}
