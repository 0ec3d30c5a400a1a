/** A token source for a loopback endpoint, with a clock and pauses in the test's hands. */
import { onTestFinished } from 'vitest';
import { createTokenSource, issuer, secret, type TokenSource, type TokenSourceOptions } from '../src/index.ts';
import type { Loopback } from './loopback.ts';

export interface Harness {
  readonly source: TokenSource;
  /** Every pause that was slept, in milliseconds. The clock moved on by as much. */
  readonly pauses: number[];
  readonly clock: { nowMs: number };
}

export function sourceFor(loopback: Loopback, options: Partial<TokenSourceOptions> = {}): Harness {
  const pauses: number[] = [];
  const clock = { nowMs: Date.UTC(2026, 11, 1) };
  const source = createTokenSource({
    ...plainOptions(loopback.origin),
    now: () => clock.nowMs,
    random: () => 0.5,
    sleep: async (ms) => {
      pauses.push(ms);
      clock.nowMs += ms;
    },
    ...options,
  });
  onTestFinished(() => source.close());
  return { source, pauses, clock };
}

/** The three options that every source needs. */
export function plainOptions(origin: string): TokenSourceOptions {
  return {
    authority: issuer(origin, { tokenEndpoint: `${origin}/token`, allowHttpLoopback: true }),
    clientId: 'me',
    credential: secret('marker-secret'),
  };
}
