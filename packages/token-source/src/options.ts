/** The options of a token source, their defaults and their limits. */
import { encodeForm, parameterFields, requireClientId, type TokenParameters } from '@client-credentials/protocol';
import type { Store } from '@client-credentials/token-cache';
import type { Authority } from './authority/authority.ts';
import type { Credential } from './credential/credential.ts';
import { type EffectSettings, type Effects, readEffects } from './effects.ts';
import { TokenSourceError } from './errors.ts';

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
export interface Settings extends EffectSettings {
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
  requireBindable(options);
  return {
    authority: options.authority,
    clientId: options.clientId,
    credential: options.credential,
    tenants: options.tenants === 'any' ? 'any' : [...(options.tenants ?? [])],
    parameters: copyOf(options.parameters ?? {}),
    dpop: options.dpop === true,
    maxEntries: atLeastOne('cache.maxEntries', options.cache?.maxEntries ?? MAX_ENTRIES),
    store: options.cache?.store,
    attemptTimeoutMs: atLeastOne('attemptTimeoutMs', options.attemptTimeoutMs ?? ATTEMPT_TIMEOUT_MS),
    deadlineMs: atLeastOne('deadlineMs', options.deadlineMs ?? DEADLINE_MS),
    maxAttempts: atLeastOne('maxAttempts', options.maxAttempts ?? 3),
    extendedLifetime: options.extendedLifetime === true,
    federationPropagationRetry: options.federationPropagationRetry === true,
    name: options.name ?? SOURCE_NAME,
    ...readEffects(options),
  };
}

/** Everything but the scope, which each call brings, is checked before anything is sent. */
function requireParameters({ authority, parameters = {} }: TokenSourceOptions): void {
  const scope = authority.kind === 'entra' ? 'any/.default' : undefined;
  encodeForm(parameterFields({ ...parameters, scope }, { profile: authority.kind === 'entra' ? 'entra' : 'rfc' }));
}

/** What a key of this process, to which tokens are bound, does not go together with. */
function requireBindable({ authority, credential, dpop, cache }: TokenSourceOptions): void {
  if (dpop !== true) return;
  const refuse = (why: string): TokenSourceError => new TokenSourceError('invalid_configuration', why);
  if (authority.kind === 'entra') throw refuse('The option dpop is given, and Entra has no DPoP for daemons; leave it out');
  if (credential.bindsTokens === true) throw refuse('Both dpop and a credential that binds tokens are given; a token has one binding');
  if (cache?.store !== undefined) {
    throw refuse('Both dpop and cache.store are given, and no other process could use these tokens; leave one out');
  }
}

/** By way of JSON, as which what is not text goes out. */
function copyOf(parameters: TokenParameters): TokenParameters {
  return JSON.parse(JSON.stringify(parameters));
}

function atLeastOne(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= LARGEST_OPTION) return value;
  throw new TokenSourceError('invalid_configuration', `${name} is ${value}; it must be a whole number from 1 to ${LARGEST_OPTION}`);
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

export const MAX_ENTRIES = 10_000;
export const ATTEMPT_TIMEOUT_MS = 10_000;
export const DEADLINE_MS = 30_000;
export const SOURCE_NAME = 'token-source';
