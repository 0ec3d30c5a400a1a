/** What a caller is made of: its options, checked once and filled with defaults. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { TokenProvider } from './authorization.ts';
import { type Egress, readEgress } from './egress.ts';
import { ApiCallerError, printable } from './errors.ts';
import { readHeaders } from './headers.ts';
import { type OptionNames, requireKnownOptions } from './known-options.ts';

/** Options of `createApiCaller`. Durations are milliseconds. */
export interface ApiCallerOptions {
  /** The API's root: https, with or without a path and a trailing `/`; no query. */
  readonly baseUrl: string;
  /** What the token provider is asked for, such as `https://graph.microsoft.com/.default`. */
  readonly scope: string;
  readonly tokens: TokenProvider;
  /** The whole list of origins the token may go to. Default: the origin of `baseUrl` alone. */
  readonly origins?: readonly string[] | undefined;
  /** Allows `http:` for localhost, 127.0.0.0/8 and [::1], for tests. Default: false. */
  readonly allowHttpLoopback?: boolean | undefined;
  /** Sent with every call; a call's own field of the same name replaces one. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends per call, the one renewal of a rejected token not counted. Default: 3. */
  readonly maxAttempts?: number | undefined;
  /** For connecting, for the answer's head, and for each silence while a body arrives; exact to about a second. Default: 10,000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** For a whole call, tokens, attempts and waits included; for each page anew. Default: 30,000. */
  readonly deadlineMs?: number | undefined;
  /** For bodies this package reads or decodes (all but those of `request` and `download`), in bytes, decoded. Default: 10 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /** Requests to one origin that are under way at once; the others wait in line. Default: 100. */
  readonly maxConcurrency?: number | undefined;
  /** After a 403 asks once for a newer token, which may have roles that were granted since. Default: false. */
  readonly retryForbidden?: boolean | undefined;
  /** Sends a `client-request-id` with every attempt, as Microsoft's APIs want it for support. Default: false. */
  readonly clientRequestId?: boolean | undefined;
  /** Sends the requests and is not closed with the caller. Default: an `Agent` of its own. */
  readonly dispatcher?: Dispatcher | undefined;
  /** PEM certificates of the authorities to trust. They replace Node's own; to add one there is `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string | readonly string[] | undefined;
  /** The URL of an HTTP proxy, or `env` for what `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. Default: none. */
  readonly proxy?: 'env' | string | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** At least 0, below 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits between attempts; rejects with the signal's reason. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Makes each `client-request-id`. Default: a random UUID. */
  readonly uniqueId?: (() => string) | undefined;
}

/** The options as the rest of the package reads them. */
export interface Settings {
  readonly egress: Egress;
  readonly scope: string;
  readonly tokens: TokenProvider;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxAttempts: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxResponseBytes: number;
  readonly maxConcurrency: number;
  readonly retryForbidden: boolean;
  readonly clientRequestId: boolean;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly uniqueId: () => string;
}

/** @throws {ApiCallerError} `invalid_configuration` or `reserved_header`, naming the option */
export function readSettings(options: ApiCallerOptions): Settings {
  requireKnownOptions(options, { of: 'createApiCaller', names: NAMES });
  const { baseUrl, scope, tokens, origins, allowHttpLoopback = false } = options;
  requireTokens(options);
  const unused = options.dispatcher === undefined ? undefined : (['ca', 'proxy'] as const).find((name) => options[name] !== undefined);
  if (unused !== undefined) {
    throw new ApiCallerError(
      'invalid_configuration',
      `\`${unused}\` is for the dispatcher this package makes; give it to your own \`dispatcher\` instead`,
    );
  }
  return {
    egress: readEgress({ baseUrl, origins, allowHttpLoopback }),
    scope,
    tokens,
    headers: readHeaders(options.headers),
    maxAttempts: readWhole('maxAttempts', options.maxAttempts ?? 3),
    attemptTimeoutMs: readWhole('attemptTimeoutMs', options.attemptTimeoutMs ?? 10_000),
    deadlineMs: readWhole('deadlineMs', options.deadlineMs ?? 30_000),
    maxResponseBytes: readWhole('maxResponseBytes', options.maxResponseBytes ?? 10 * 2 ** 20),
    maxConcurrency: readWhole('maxConcurrency', options.maxConcurrency ?? 100),
    retryForbidden: options.retryForbidden ?? false,
    clientRequestId: options.clientRequestId ?? false,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    uniqueId: options.uniqueId ?? randomUUID,
  };
}

/** @throws {ApiCallerError} `invalid_configuration` for what no token can be asked for with */
export function requireTokens({ scope, tokens }: Pick<ApiCallerOptions, 'scope' | 'tokens'>): void {
  if (typeof scope !== 'string' || scope.trim() === '')
    throw misconfigured('scope', scope, 'a scope, such as https://graph.microsoft.com/.default');
  if (typeof tokens !== 'function' && typeof tokens?.getToken !== 'function')
    throw misconfigured('tokens', typeof tokens, 'a function, or an object with getToken()');
}

/**
 * A whole number from 1 to the longest delay a timer knows.
 *
 * @throws {ApiCallerError} `invalid_configuration`
 */
export function readWhole(option: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > LONGEST_TIMER_MS)
    throw misconfigured(option, value, `a whole number from 1 to ${LONGEST_TIMER_MS}`);
  return value;
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw signal?.reason;
  }
}

function misconfigured(option: string, value: unknown, expected: string): ApiCallerError {
  return new ApiCallerError('invalid_configuration', `\`${option}\` is "${printable(value)}", expected ${expected}`);
}

const NAMES: OptionNames<ApiCallerOptions> = {
  ...{ baseUrl: true, scope: true, tokens: true, origins: true, allowHttpLoopback: true, headers: true },
  ...{ maxAttempts: true, attemptTimeoutMs: true, deadlineMs: true, maxResponseBytes: true, maxConcurrency: true },
  ...{ retryForbidden: true, clientRequestId: true, dispatcher: true, ca: true, proxy: true },
  ...{ now: true, random: true, sleep: true, uniqueId: true },
};
const LONGEST_TIMER_MS = 2 ** 31 - 1;
