/** Gets tokens and keeps them: authority, credential, cache and protocol, joined. */
import {
  type AccessToken,
  type AuthorizationServer,
  parseScope,
  requireDefaultScope,
  type Scope,
  TokenResponseError,
} from '@client-credentials/protocol';
import { createTokenCache, type Inspection, type TokenCache, TokenCacheError } from '@client-credentials/token-cache';
import type { DiscoveredServer } from './authority/authority.ts';
import { tokenKey } from './cache-key.ts';
import { TokenSourceError } from './errors.ts';
import { readOptions, type Settings, type TokenSourceOptions } from './options.ts';
import { acquireToken, type RetryContext } from './request/acquire.ts';
import { createFetchWire } from './transport/fetch-wire.ts';
import { createTransport, type Transport } from './transport/transport.ts';
import { createUndiciWire } from './transport/undici-wire.ts';

/** What one call may ask for beside the scope. */
export interface GetTokenOptions {
  /** Ends this call with its reason; a request that others wait for goes on. */
  signal?: AbortSignal | undefined;
  /** Until when this call waits, epoch milliseconds. */
  deadlineAtMs?: number | undefined;
  /** A token from this source that an API refused. If it is still kept, a new one is asked for; a newer one is given as it is. */
  rejectedToken?: AccessToken | undefined;
  /** Asks for a new token whatever is kept. */
  forceRefresh?: boolean | undefined;
}

/** Gives valid tokens for one client at one authority. */
export interface TokenSource {
  /**
   * A token that is valid now: the kept one, or a new one. Callers that ask at once share one request.
   *
   * @param scope  space-delimited or a list, compared as a set. Entra: one `{resource}/.default`
   * @throws {ProtocolError} for a bad scope, credential or certificate, before anything is sent
   * @throws {TokenResponseError} when the server refused
   * @throws {TokenSourceError} `credential_unavailable`, `network`, `redirected`, `timeout`, `throttled`, `closed`
   */
  getToken(scope?: Scope, options?: GetTokenOptions): Promise<AccessToken>;
  /** What is kept for this scope; `undefined` for nothing. Counts as no use. */
  inspect(scope?: Scope): Inspection | undefined;
  /** Drops the token of this scope, or all of them, after permissions changed or a credential was revoked. */
  forget(filter?: { scope?: Scope | undefined }): Promise<void>;
  /** Ends what is under way and frees the connections; later calls reject with `closed`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A token source. Nothing is read or sent before the first `getToken`.
 *
 * @throws {ProtocolError} `invalid_parameter`
 * @throws {TokenSourceError} `invalid_configuration`
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  return new CachingTokenSource(readOptions(options));
}

class CachingTokenSource implements TokenSource {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #tokens: TokenCache<AccessToken>;
  readonly #servers: TokenCache<DiscoveredServer>;
  readonly #retryContext: RetryContext;

  constructor(settings: Settings) {
    const { authority, deadlineMs, attemptTimeoutMs, now, random, dispatcher, ca, fetch } = settings;
    this.#settings = settings;
    const wire = fetch === undefined ? createUndiciWire({ dispatcher, ca, connectTimeoutMs: attemptTimeoutMs }) : createFetchWire(fetch);
    this.#transport = createTransport({ wire, now });
    // The attempts keep to the deadline themselves; the flight's own is for what heeds no signal, such as a function that hangs.
    const flights = { flightTimeoutMs: deadlineMs + LAST_RESORT_MS, isPermanent: isRefusal, now, random };
    this.#tokens = createTokenCache({ ...flights, maxEntries: settings.maxEntries, sizeOf: ({ value }) => value.length });
    this.#servers = createTokenCache({ ...flights, maxEntries: 1 });
    this.#retryContext = {
      ...settings,
      transport: this.#transport,
      server: async (signal) => authority.server ?? this.#discoveredServer(signal),
    };
  }

  async getToken(scope: Scope = '', options: GetTokenOptions = NO_OPTIONS): Promise<AccessToken> {
    options.signal?.throwIfAborted();
    // The way that nearly every call takes: one look-up, with the caller's own text as the key.
    if (typeof scope === 'string' && options.rejectedToken === undefined && options.forceRefresh !== true) {
      const token = this.#tokens.peek(scope);
      if (token !== undefined) return token;
    }
    return this.#getToken(parseScope(scope), options);
  }

  inspect(scope?: Scope): Inspection | undefined {
    return this.#tokens.inspect(tokenKey(parseScope(scope)));
  }

  async forget(filter: { scope?: Scope | undefined } = {}): Promise<void> {
    if (filter.scope === undefined) await this.#tokens.clear();
    else await this.#tokens.delete(tokenKey(parseScope(filter.scope)));
  }

  async close(): Promise<void> {
    await Promise.all([this.#tokens.close(), this.#servers.close(), this.#transport.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #getToken(scopes: readonly string[], options: GetTokenOptions): Promise<AccessToken> {
    const { signal, deadlineAtMs, rejectedToken, forceRefresh } = options;
    if (this.#settings.authority.kind === 'entra') requireDefaultScope(scopes);
    const acquire = (flight: AbortSignal): Promise<AccessToken> => acquireToken(this.#retryContext, scopes, flight);
    try {
      return await this.#tokens.get(tokenKey(scopes), { acquire, signal, deadlineAtMs, rejected: rejectedToken, forceRefresh });
    } catch (error) {
      throw error instanceof TokenCacheError ? sourceError(error, this.#settings) : error;
    }
  }

  async #discoveredServer(signal: AbortSignal): Promise<AuthorizationServer> {
    const { authority, attemptTimeoutMs, now } = this.#settings;
    const acquire = async (flight: AbortSignal): Promise<DiscoveredServer> => {
      if (authority.discover === undefined) throw new TokenSourceError('invalid_configuration', 'The authority names no server');
      return authority.discover({ transport: this.#transport, signal: flight, timeoutMs: attemptTimeoutMs, now });
    };
    return (await this.#servers.get(authority.issuer, { acquire, signal })).server;
  }
}

/** What rules out a token that is still valid: the server knows this client and will not have it. Nothing else does. */
function isRefusal(error: unknown): boolean {
  return error instanceof TokenResponseError && error.code === 'oauth_error' && !error.transient;
}

function sourceError(error: TokenCacheError, { deadlineMs }: Settings): TokenSourceError {
  if (error.code === 'closed') return new TokenSourceError('closed', 'The token source was closed; create a new one');
  const message =
    error.code === 'deadline'
      ? 'No token came before the deadlineAtMs of this call; the request goes on for the next one'
      : `No token came within ${deadlineMs} ms; look for a function of the credential, or a sleep, that never ends`;
  return new TokenSourceError('timeout', message, { transient: true });
}

const LAST_RESORT_MS = 1000;
const NO_OPTIONS: GetTokenOptions = {};
