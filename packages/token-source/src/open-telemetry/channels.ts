/** The diagnostics channels of token sources, their caches and API callers, and how they are listened to. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { TokenCacheEvents } from '@client-credentials/token-cache';
import { diag } from '@opentelemetry/api';
import type { TokenSourceEvents } from '../events.ts';
import type { ApiCallEvents } from './api-calls.ts';

/** What is done with the events of some channels, by the channel's name without `client-credentials:`. */
export type Listeners = { readonly [N in keyof Events]?: (event: Events[N]) => void };

type Events = Prefixed<'token-source', TokenSourceEvents> &
  Prefixed<'token-cache', TokenCacheEvents> &
  Prefixed<'api-caller', ApiCallEvents>;
type Prefixed<Prefix extends string, E> = { readonly [N in keyof E & string as `${Prefix}:${N}`]: E[N] };

/** Listens until the function that it returns is called. */
export function listen(listeners: Listeners): () => void {
  const subscriptions = Object.entries(listeners).map(([name, listener]) => ({
    channel: `client-credentials:${name}`,
    onEvent: safely(listener as (event: unknown) => void),
  }));
  for (const { channel, onEvent } of subscriptions) subscribe(channel, onEvent);
  return () => {
    for (const { channel, onEvent } of subscriptions) unsubscribe(channel, onEvent);
  };
}

/** Node ends the process when a subscriber throws. A meter, or an exporter behind it, is no reason to stop a daemon. */
function safely(listener: (event: unknown) => void): (event: unknown) => void {
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      // The name alone: a message may hold anything.
      diag.error(`client-credentials: an event could not be recorded (${error instanceof Error ? error.name : typeof error})`);
    }
  };
}
