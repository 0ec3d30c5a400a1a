/** What of a source reaches outside: the clock, chance, pauses, and how requests are sent. All of it may be brought along. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { TokenSourceError } from './errors.ts';

/** Everything that reaches outside, to be replaced in tests or by other parts of an application. */
export interface Effects {
  /** The clock, epoch milliseconds. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** Makes ids of assertions and requests. Default: random UUIDs. */
  uniqueId?: (() => string) | undefined;
  /** From 0 to below 1. Default: `Math.random`. */
  random?: (() => number) | undefined;
  /** Waits, and rejects with the signal's reason when it aborts. Default: a timer that does not keep the process alive by itself. */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Sends the requests, and is not closed here. Its sockets may keep the process alive during a refresh in the background. */
  dispatcher?: Dispatcher | undefined;
  /** Sends the requests in place of undici. */
  fetch?: typeof fetch | undefined;
  /**
   * Roots in PEM that replace Node's own for whatever the source asks, and for a proxy that is reached over TLS. To add one to Node's, set
   * NODE_EXTRA_CA_CERTS.
   */
  ca?: string | readonly string[] | undefined;
  /** The URL of a proxy, or `env` for the one that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. Default: none. */
  proxy?: 'env' | (string & {}) | undefined;
  /** Lets the server choose HTTP/2. Default: false. */
  http2?: boolean | undefined;
}

/** The same with its defaults, checked. */
export interface EffectSettings {
  readonly now: () => number;
  readonly uniqueId: () => string;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly dispatcher: Dispatcher | undefined;
  readonly fetch: typeof fetch | undefined;
  readonly ca: readonly string[] | undefined;
  readonly proxy: string | undefined;
  readonly http2: boolean;
}

/** @throws {TokenSourceError} `invalid_configuration` for two that cannot both count, and for roots that are none */
export function readEffects(options: Effects): EffectSettings {
  refuseTogether(options, ['dispatcher', 'fetch']);
  for (const own of ['ca', 'proxy', 'http2'] as const) {
    for (const sender of ['dispatcher', 'fetch'] as const) refuseTogether(options, [sender, own]);
  }
  return {
    now: options.now ?? Date.now,
    uniqueId: options.uniqueId ?? randomUUID,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    dispatcher: options.dispatcher,
    fetch: options.fetch,
    ca: options.ca === undefined ? undefined : readRoots(options.ca),
    proxy: options.proxy,
    http2: options.http2 === true,
  };
}

/** An empty list would be no list to Node, and trust its own roots again. */
function readRoots(ca: string | readonly string[]): readonly string[] {
  const roots = [ca].flat();
  if (roots.length > 0 && roots.every((root) => typeof root === 'string' && root.includes('-----BEGIN CERTIFICATE-----'))) return roots;
  throw new TokenSourceError('invalid_configuration', 'The option ca holds no certificate in PEM; leave it out to trust the roots of Node');
}

/** Two ways to say how requests are sent, of which one would be passed over in silence. */
function refuseTogether(options: Effects, [one, other]: readonly [keyof Effects, keyof Effects]): void {
  if (options[one] === undefined || options[other] === undefined) return;
  throw new TokenSourceError(
    'invalid_configuration',
    `Both ${one} and ${other} are given, and only one could count; configure the ${one} itself`,
  );
}

/** The flight that waits keeps the process alive, so that a pause of a refresh in the background does not. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { ref: false, ...(signal !== undefined && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
