/** What a test hears on the diagnostics channels of the package, until it ends. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { onTestFinished } from 'vitest';
import type { TokenCacheEvents } from '../src/events.ts';

/** The events of one kind from now on, in the order they come. */
export function listenTo<N extends keyof TokenCacheEvents>(name: N): TokenCacheEvents[N][] {
  const channel = `client-credentials:token-cache:${name}`;
  const heard: TokenCacheEvents[N][] = [];
  const listener = (event: unknown): void => {
    heard.push(event as TokenCacheEvents[N]);
  };
  subscribe(channel, listener);
  onTestFinished(() => {
    unsubscribe(channel, listener);
  });
  return heard;
}
