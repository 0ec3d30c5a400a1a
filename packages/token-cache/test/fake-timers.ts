/** Timers and clocks of the process that a test moves by hand. */
import { onTestFinished, vi } from 'vitest';

type Fakeable = ('setTimeout' | 'clearTimeout') | ('setInterval' | 'clearInterval') | ('setImmediate' | 'clearImmediate') | 'performance';

/** Those named, and no others, stand still until the test ends, but for what `vi` advances them. */
export function fakeTimers(...names: Fakeable[]): void {
  vi.useFakeTimers({ toFake: names });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}
