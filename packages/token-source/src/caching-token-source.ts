/** A source over whatever brings tokens: it keeps them, shares what is under way, and answers challenges. */
import { type AccessToken, parseScope, type Scope } from '@client-credentials/protocol';
import { createTokenCache, type Expiring, type Inspection, type Store, type TokenCache } from '@client-credentials/token-cache';
import { BoundedMap } from './bounded-map.ts';
import { asksForNoOther, claimsKey, looksLikeKey, quickKey, tenantTag, tokenKey, variantTag } from './cache-key.ts';
import { mergeClaims, parseClaims } from './claims.ts';
import type { Events } from './events.ts';
import { LOOPING, LoopGuard } from './request/loop-guard.ts';
import { isRefusal, toCacheFailure, toSourceFailure } from './source-failure.ts';
import { createTokenCodec } from './token-codec.ts';
import type { AskedToken, TokenOrigin } from './token-origin.ts';
import type { CheckOptions, CheckReport, GetTokenOptions, TokenSource } from './token-source.ts';

/** What of the options concerns the keeping. */
export interface KeepingSettings {
  readonly name: string;
  readonly maxEntries: number;
  readonly store: Store | undefined;
  readonly deadlineMs: number;
  readonly extendedLifetime: boolean;
  readonly now: () => number;
  readonly random: () => number;
}

export class CachingTokenSource implements TokenSource {
  readonly #settings: KeepingSettings;
  readonly #events: Events;
  readonly #origin: TokenOrigin;
  readonly #tokens: TokenCache<AccessToken>;
  readonly #challenges: TokenCache<Expiring & { readonly token: AccessToken }>;
  /** The last token of each key, where it may be served beyond its time. */
  readonly #lastTokens: BoundedMap<AccessToken>;
  readonly #loops: LoopGuard;
  /** What other processes have left in the store. */
  readonly #found = new WeakSet<AccessToken>();

  constructor(parts: { settings: KeepingSettings; events: Events; origin: TokenOrigin; storeKeyPrefix: string }) {
    const { settings, events, origin, storeKeyPrefix } = parts;
    const { name, maxEntries, store, deadlineMs, now, random } = settings;
    this.#settings = settings;
    this.#events = events;
    this.#origin = origin;
    // The attempts keep to the deadline themselves; the flight's own is for what heeds no signal, such as a function that hangs.
    const flights = { name, flightTimeoutMs: deadlineMs + LAST_RESORT_MS, now, random };
    const bindingOf = (thumbprint: string) => (origin.binding?.thumbprint === thumbprint ? origin.binding : undefined);
    const codec = createTokenCodec({ bindingOf, onDecoded: (token) => this.#found.add(token) });
    this.#tokens = createTokenCache({
      ...flights,
      maxEntries,
      isPermanent: isRefusal,
      sizeOf: ({ value }) => value.length,
      ...(store !== undefined && { store, storeKeyPrefix, codec }),
    });
    this.#challenges = createTokenCache({ ...flights, policy: AS_LONG_AS_IT_LASTS, maxEntries: MOST_CHALLENGES });
    this.#lastTokens = new BoundedMap(settings.extendedLifetime ? maxEntries : 0);
    this.#loops = new LoopGuard(now);
  }

  async getToken(scope: Scope = '', options: GetTokenOptions = NO_OPTIONS): Promise<AccessToken> {
    options.signal?.throwIfAborted();
    // The way that nearly every call takes: one look-up, with the caller's own text as the key.
    if (typeof scope === 'string' && asksForNoOther(options) && !looksLikeKey(scope)) {
      const { tenant } = options;
      const binding = this.#origin.binding?.thumbprint;
      const token = this.#tokens.peek(tenant === undefined && binding === undefined ? scope : quickKey(scope, { tenant, binding }));
      if (token !== undefined) {
        this.#tellToken(token, { scope, tenant, from: 'memory' });
        return token;
      }
    }
    return this.#getToken(parseScope(scope), options);
  }

  inspect(scope?: Scope, { tenant }: { tenant?: string | undefined } = {}): Inspection | undefined {
    return this.#tokens.inspect(this.#key({ scopes: parseScope(scope), tenant: this.#origin.tenantOf(tenant) }));
  }

  check(options: CheckOptions = {}): Promise<CheckReport> {
    return this.#origin.check(options, this.#settings.store);
  }

  async forget({ tenant, scope }: { tenant?: string | undefined; scope?: Scope | undefined } = {}): Promise<void> {
    this.#origin.forget();
    this.#lastTokens.clear();
    await this.#challenges.clear();
    const named = this.#origin.tenantOf(tenant);
    if (scope !== undefined) {
      const plain = this.#key({ scopes: parseScope(scope), tenant: named });
      await Promise.all([this.#tokens.delete(plain), this.#tokens.deleteTag(variantTag(plain))]);
    } else if (tenant !== undefined) await this.#tokens.deleteTag(tenantTag(named));
    else await this.#tokens.clear();
  }

  async close(): Promise<void> {
    await Promise.all([this.#tokens.close(), this.#challenges.close()]);
    await this.#origin.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #getToken(scopes: readonly string[], options: GetTokenOptions): Promise<AccessToken> {
    try {
      return await this.#tokenAskedFor(scopes, options);
    } catch (error) {
      throw toSourceFailure(error, this.#settings);
    }
  }

  async #tokenAskedFor(scopes: readonly string[], options: GetTokenOptions): Promise<AccessToken> {
    const { cae = false, forceRefresh = false } = options;
    this.#origin.requireScopes(scopes);
    const tenant = this.#origin.tenantOf(options.tenant);
    const caller = options.callerClaims === undefined ? undefined : parseClaims(options.callerClaims, 'callerClaims');
    const challenge = options.claims === undefined ? undefined : parseClaims(options.claims, 'claims');
    await this.#origin.refreshBinding(options.signal);
    const plain = this.#key({ scopes, tenant });
    const key = this.#key({ scopes, tenant, claims: claimsKey({ claims: caller, cae }) });
    const asked: AskedToken = {
      key,
      scopes,
      tenant,
      claims: mergeClaims({ caller, challenge }),
      capabilities: cae ? ['cp1'] : [],
      isChallenged: challenge !== undefined,
      forceRefresh,
    };
    const tags = key === plain ? [tenantTag(tenant)] : [tenantTag(tenant), variantTag(plain)];
    const wanted = { asked, tags, options };
    return challenge === undefined ? this.#keptOrNew(wanted) : this.#answerChallenge(challenge, wanted);
  }

  async #keptOrNew({ asked, tags, options }: WantedToken): Promise<AccessToken> {
    const { signal, deadlineAtMs } = options;
    const { key, scopes, tenant } = asked;
    const { rejected, forceRefresh } = this.#demandOf(key, options);
    const before = this.#tokens.inspect(key);
    const startedAtMs = this.#settings.now();
    if (rejected !== undefined && this.#lastTokens.get(key) === rejected) this.#lastTokens.delete(key);
    const acquire = (flight: AbortSignal): Promise<AccessToken> => {
      if (rejected !== undefined || forceRefresh) this.#loops.note(key);
      return this.#acquire(asked, flight);
    };
    try {
      const token = await this.#tokens.get(key, { acquire, signal, deadlineAtMs, rejected, forceRefresh, tags });
      this.#tellToken(token, { scope: scopes.join(' '), tenant, from: this.#whence(token, { before, startedAtMs }) });
      return token;
    } catch (error) {
      const extended = forceRefresh ? undefined : this.#extended(key, error);
      if (extended === undefined) throw error;
      this.#tellToken(extended, { scope: scopes.join(' '), tenant, from: 'old' });
      return extended;
    }
  }

  /** A new token with the claims that an API demands, in place of the kept one. One request, however many calls met the challenge. */
  async #answerChallenge(challenge: string, { asked, tags, options }: WantedToken): Promise<AccessToken> {
    const { signal, deadlineAtMs } = options;
    const { key, scopes, tenant } = asked;
    const acquire = async (flight: AbortSignal): Promise<Expiring & { readonly token: AccessToken }> => {
      this.#loops.requireNone(key);
      this.#loops.note(key);
      const token = await this.#acquire(asked, flight);
      this.#replace(token, { key, tags });
      const receivedAtMs = this.#settings.now();
      return { token, receivedAtMs, expiresAtMs: receivedAtMs + CHALLENGE_MS };
    };
    const flight = `${claimsKey({ claims: challenge, cae: false })}\n${key}`;
    const { token } = await this.#challenges.get(flight, { acquire, signal, deadlineAtMs });
    this.#tellToken(token, { scope: scopes.join(' '), tenant, from: 'server' });
    return token;
  }

  /** What a call demands beyond a token that is kept: nothing, once that was demanded again and again. */
  #demandOf(
    key: string,
    { rejectedToken: rejected, forceRefresh = false }: GetTokenOptions,
  ): { rejected: AccessToken | undefined; forceRefresh: boolean } {
    const isDemanding = rejected !== undefined || forceRefresh;
    if (!isDemanding || this.#loops.loopsUntilMs(key) === undefined) return { rejected, forceRefresh };
    this.#events.publish('warning', () => ({ warning: 'request_loop' as const, message: LOOPING }));
    return { rejected: undefined, forceRefresh: false };
  }

  async #acquire(asked: AskedToken, flight: AbortSignal): Promise<AccessToken> {
    try {
      const token = await this.#origin.acquire(asked, flight);
      this.#lastTokens.set(asked.key, token);
      return token;
    } catch (error) {
      if (isRefusal(error) && !asked.isChallenged) this.#lastTokens.delete(asked.key);
      throw toCacheFailure(error);
    }
  }

  /** What is on its way was asked for without the claims: it must not take this one's place, nor does anybody wait for it. */
  #replace(token: AccessToken, { key, tags }: { key: string; tags: readonly string[] }): void {
    this.#tokens.delete(key).catch(() => {});
    this.#tokens.get(key, { acquire: async () => token, forceRefresh: true, tags }).catch(() => {});
  }

  /** Where a token has come from, by what was kept before and by when it was received. */
  #whence(
    token: AccessToken,
    { before, startedAtMs }: { before: Inspection | undefined; startedAtMs: number },
  ): 'memory' | 'store' | 'server' | 'old' {
    if (before?.expiresAtMs === token.expiresAtMs && token.receivedAtMs < startedAtMs)
      return before.freshness === 'expired' ? 'old' : 'memory';
    return this.#found.has(token) ? 'store' : 'server';
  }

  #key(parts: { scopes: readonly string[]; tenant: string | undefined; claims?: string }): string {
    return tokenKey({ ...parts, binding: this.#origin.binding?.thumbprint });
  }

  /** Entra: the last token of a key, past its expiry, while none is to be had and its issuer lets it live on. */
  #extended(key: string, error: unknown): AccessToken | undefined {
    const last = this.#lastTokens.get(key);
    const isPassing = error instanceof Error && 'transient' in error && error.transient === true;
    return isPassing && last !== undefined && this.#settings.now() < (last.extendedExpiresAtMs ?? 0) ? last : undefined;
  }

  /** While nobody listens, not even the token is looked at: with many tokens that look would cost as much as finding it. */
  #tellToken(
    token: AccessToken,
    { scope, tenant, from }: { scope: string; tenant: string | undefined; from: 'memory' | 'store' | 'server' | 'old' },
  ): void {
    this.#events.publish('token', () => ({
      ...(tenant !== undefined && { tenant }),
      scope,
      from,
      remainingMs: token.expiresAtMs - this.#settings.now(),
    }));
  }
}

interface WantedToken {
  readonly asked: AskedToken;
  readonly tags: readonly string[];
  readonly options: GetTokenOptions;
}

const LAST_RESORT_MS = 1_000;
const CHALLENGE_MS = 30_000;
const MOST_CHALLENGES = 1_000;
const AS_LONG_AS_IT_LASTS = { marginMs: 0, refreshBeforeMs: 0, jitter: 0 };
const NO_OPTIONS: GetTokenOptions = {};
