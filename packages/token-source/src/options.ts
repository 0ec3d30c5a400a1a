/** The options of a token source, their defaults and their limits. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeForm, parameterFields, requireClientId, type TokenParameters } from '@client-credentials/protocol';
import type { Store } from '@client-credentials/token-cache';
import type { Dispatcher } from 'undici';
import type { Authority } from './authority/authority.ts';
import type { Credential } from './credential/credential.ts';
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
  /** Roots in PEM that replace Node's own for the token endpoint. To add one to Node's, set NODE_EXTRA_CA_CERTS. */
  ca?: string | readonly string[] | undefined;
  /** The URL of a proxy, or `env` for the one that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. Default: none. */
  proxy?: 'env' | (string & {}) | undefined;
  /** Lets the server choose HTTP/2. Default: false. */
  http2?: boolean | undefined;
}

export interface TokenSourceOptions extends Effects {
  authority: Authority;
  clientId: string;
  credential: Credential;
  /** Entra: which other tenants `getToken` may name; `any` for every one. Default: none. */
  tenants?: readonly string[] | 'any' | undefined;
  /** Sent with every request, and part of what a token is kept under. */
  parameters?: Omit<TokenParameters, 'scope' | 'claims' | 'tokenType'> | undefined;
  /** Binds tokens to a key that never leaves this process. RFC 9449. Default: false. */
  dpop?: boolean | undefined;
  cache?: CacheOptions | undefined;
  /** From sending a request to the end of its answer, milliseconds. Default: 10,000. */
  attemptTimeoutMs?: number | undefined;
  /** For all attempts and the pauses between them, milliseconds. Default: 30,000. */
  deadlineMs?: number | undefined;
  /** Requests per token, the first one included. Default: 3. */
  maxAttempts?: number | undefined;
  /** Entra: serves a token up to its `extendedExpiresAtMs` while no new one can be had. Default: false. */
  extendedLifetime?: boolean | undefined;
  /** Entra: tries up to five times while a new federated credential is not known everywhere. Default: false. */
  federationPropagationRetry?: boolean | undefined;
  /** What events call this source. Default: `token-source`. */
  name?: string | undefined;
}

export interface CacheOptions {
  /** How many tokens are kept. Default: 10,000. */
  maxEntries?: number | undefined;
  /** Where tokens are shared with other processes. They are written as they are: `encrypted` hides them. Default: nowhere. */
  store?: Store | undefined;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly authority: Authority;
  readonly clientId: string;
  readonly credential: Credential;
  readonly tenants: readonly string[] | 'any';
  readonly parameters: TokenParameters;
  readonly dpop: boolean;
  readonly maxEntries: number;
  readonly store: Store | undefined;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  readonly extendedLifetime: boolean;
  readonly federationPropagationRetry: boolean;
  readonly name: string;
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

/**
 * The settings that these options mean. Later changes to the options object change nothing.
 *
 * @throws {TokenSourceError} `invalid_configuration`
 * @throws {ProtocolError} `invalid_parameter` for a client id or an extra parameter that no request may carry
 */
export function readOptions(options: TokenSourceOptions): Settings {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(KNOWN, name));
  if (unknown !== undefined)
    throw new TokenSourceError('invalid_configuration', `The option "${unknown}" is not known; it would have no effect`);
  if (options.authority?.kind === undefined)
    throw new TokenSourceError('invalid_configuration', 'There is no authority; give entra({ … }) or issuer(…)');
  if (typeof options.credential?.load !== 'function') {
    throw new TokenSourceError('invalid_configuration', 'There is no credential; give secret(…) or certificate({ … })');
  }
  requireClientId(options.clientId);
  requireParameters(options);
  refuseTogether(options, ['dispatcher', 'fetch']);
  refuseTogether(options, ['dispatcher', 'ca']);
  refuseTogether(options, ['fetch', 'ca']);
  for (const of of ['proxy', 'http2'] as const) for (const other of ['dispatcher', 'fetch'] as const) refuseTogether(options, [other, of]);
  requireShareable(options);
  return {
    authority: options.authority,
    clientId: options.clientId,
    credential: options.credential,
    tenants: options.tenants === 'any' ? 'any' : [...(options.tenants ?? [])],
    parameters: copyOf(options.parameters ?? {}),
    dpop: options.dpop === true,
    maxEntries: atLeastOne('cache.maxEntries', options.cache?.maxEntries ?? 10_000),
    store: options.cache?.store,
    attemptTimeoutMs: atLeastOne('attemptTimeoutMs', options.attemptTimeoutMs ?? 10_000),
    deadlineMs: atLeastOne('deadlineMs', options.deadlineMs ?? 30_000),
    maxAttempts: atLeastOne('maxAttempts', options.maxAttempts ?? 3),
    extendedLifetime: options.extendedLifetime === true,
    federationPropagationRetry: options.federationPropagationRetry === true,
    name: options.name ?? 'token-source',
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

/** Everything but the scope, which each call brings, is checked before anything is sent. */
function requireParameters({ authority, parameters = {} }: TokenSourceOptions): void {
  const scope = authority.kind === 'entra' ? 'any/.default' : undefined;
  encodeForm(parameterFields({ ...parameters, scope }, { profile: authority.kind === 'entra' ? 'entra' : 'rfc' }));
}

/** A DPoP key lives in one process, so nobody else could use the tokens that are bound to it. */
function requireShareable({ dpop, cache }: TokenSourceOptions): void {
  if (dpop !== true || cache?.store === undefined) return;
  throw new TokenSourceError(
    'invalid_configuration',
    'Both dpop and cache.store are given, and no other process could use these tokens; leave one out',
  );
}

/** By way of JSON, as which what is not text goes out. */
function copyOf(parameters: TokenParameters): TokenParameters {
  return JSON.parse(JSON.stringify(parameters));
}

/** An empty list would be no list to Node, and trust its own roots again. */
function readRoots(ca: string | readonly string[]): readonly string[] {
  const roots = [ca].flat();
  if (roots.length > 0 && roots.every((root) => typeof root === 'string' && root.includes('-----BEGIN CERTIFICATE-----'))) return roots;
  throw new TokenSourceError('invalid_configuration', 'The option ca holds no certificate in PEM; leave it out to trust the roots of Node');
}

/** Two ways to say how requests are sent, of which one would be passed over in silence. */
function refuseTogether(options: TokenSourceOptions, [one, other]: readonly [keyof Effects, keyof Effects]): void {
  if (options[one] === undefined || options[other] === undefined) return;
  throw new TokenSourceError(
    'invalid_configuration',
    `Both ${one} and ${other} are given, and only one could count; configure the ${one} itself`,
  );
}

function atLeastOne(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= LARGEST_OPTION) return value;
  throw new TokenSourceError('invalid_configuration', `${name} is ${value}; it must be a whole number from 1 to ${LARGEST_OPTION}`);
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

/** Every option by name; the compiler sees that none is missing. */
const KNOWN: Readonly<Record<keyof TokenSourceOptions, true>> = {
  authority: true,
  clientId: true,
  credential: true,
  tenants: true,
  parameters: true,
  dpop: true,
  cache: true,
  attemptTimeoutMs: true,
  deadlineMs: true,
  maxAttempts: true,
  extendedLifetime: true,
  federationPropagationRetry: true,
  name: true,
  now: true,
  uniqueId: true,
  random: true,
  sleep: true,
  dispatcher: true,
  fetch: true,
  ca: true,
  proxy: true,
  http2: true,
};
/** As milliseconds 23 days; from 2^31 on, a timer would fire at once. */
const LARGEST_OPTION = 2_000_000_000;
