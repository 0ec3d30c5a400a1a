/** The options of a token source, their defaults and their limits. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeForm, parameterFields, requireClientId, type TokenParameters } from '@client-credentials/protocol';
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
}

export interface TokenSourceOptions extends Effects {
  authority: Authority;
  clientId: string;
  credential: Credential;
  /** Sent with every request, and part of what a token is kept under. */
  parameters?: Omit<TokenParameters, 'scope' | 'claims' | 'tokenType'> | undefined;
  /** `maxEntries`: how many tokens are kept. Default: 10,000. */
  cache?: { maxEntries?: number | undefined } | undefined;
  /** From sending a request to the end of its answer, milliseconds. Default: 10,000. */
  attemptTimeoutMs?: number | undefined;
  /** For all attempts and the pauses between them, milliseconds. Default: 30,000. */
  deadlineMs?: number | undefined;
  /** Requests per token, the first one included. Default: 3. */
  maxAttempts?: number | undefined;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly authority: Authority;
  readonly clientId: string;
  readonly credential: Credential;
  readonly parameters: TokenParameters;
  readonly maxEntries: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
  readonly maxAttempts: number;
  readonly now: () => number;
  readonly uniqueId: () => string;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly dispatcher: Dispatcher | undefined;
  readonly fetch: typeof fetch | undefined;
  readonly ca: readonly string[] | undefined;
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
  return {
    authority: options.authority,
    clientId: options.clientId,
    credential: options.credential,
    parameters: copyOf(options.parameters ?? {}),
    maxEntries: atLeastOne('cache.maxEntries', options.cache?.maxEntries ?? 10_000),
    attemptTimeoutMs: atLeastOne('attemptTimeoutMs', options.attemptTimeoutMs ?? 10_000),
    deadlineMs: atLeastOne('deadlineMs', options.deadlineMs ?? 30_000),
    maxAttempts: atLeastOne('maxAttempts', options.maxAttempts ?? 3),
    now: options.now ?? Date.now,
    uniqueId: options.uniqueId ?? randomUUID,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? sleep,
    dispatcher: options.dispatcher,
    fetch: options.fetch,
    ca: options.ca === undefined ? undefined : readRoots(options.ca),
  };
}

/** Everything but the scope, which each call brings, is checked before anything is sent. */
function requireParameters({ authority, parameters = {} }: TokenSourceOptions): void {
  const scope = authority.kind === 'entra' ? 'any/.default' : undefined;
  encodeForm(parameterFields({ ...parameters, scope }, { profile: authority.kind === 'entra' ? 'entra' : 'rfc' }));
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
  parameters: true,
  cache: true,
  attemptTimeoutMs: true,
  deadlineMs: true,
  maxAttempts: true,
  now: true,
  uniqueId: true,
  random: true,
  sleep: true,
  dispatcher: true,
  fetch: true,
  ca: true,
};
/** As milliseconds 23 days; from 2^31 on, a timer would fire at once. */
const LARGEST_OPTION = 2_000_000_000;
