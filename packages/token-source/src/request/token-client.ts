/** A client at one authority: everything that its requests share, and what they have learnt. */
import {
  type AccessToken,
  type AuthorizationServer,
  hasForeignTokenEndpoint,
  requireDefaultScope,
  type TokenBinding,
} from '@client-credentials/protocol';
import { createTokenCache, type Expiring, type Store, type TokenCache } from '@client-credentials/token-cache';
import type { Authority, DiscoveredServer } from '../authority/authority.ts';
import { check } from '../check.ts';
import type { LoadedCredential } from '../credential/credential.ts';
import { TokenSourceError } from '../errors.ts';
import type { Events } from '../events.ts';
import type { Settings } from '../options.ts';
import { Tenants } from '../tenants.ts';
import type { AskedToken, TokenOrigin } from '../token-origin.ts';
import type { CheckOptions, CheckReport } from '../token-source.ts';
import type { Transport } from '../transport/transport.ts';
import { createTransportOf } from '../transport/transport-of.ts';
import { acquireToken, type RetryContext } from './acquire.ts';
import { loadCredential } from './attempt.ts';
import { ClockOffset } from './clock-offset.ts';
import { DpopKey } from './dpop-key.ts';
import { ExpiryWarnings } from './expiry-warnings.ts';
import { OwnTokens } from './own-token.ts';
import { Refusals } from './refusals.ts';
import { RefusedCredentials } from './remedies.ts';
import { Throttle } from './throttle.ts';

export class TokenClient implements TokenOrigin {
  readonly #settings: Settings;
  readonly #events: Events;
  readonly #tenants: Tenants;
  readonly #transport: Transport;
  readonly #servers: TokenCache<DiscoveredServer>;
  readonly #present: TokenCache<Present>;
  readonly #expiryWarnings: ExpiryWarnings;
  readonly #context: RetryContext;
  #binding: TokenBinding | undefined;
  #lastSuccessAtMs: number | undefined;

  constructor(settings: Settings, events: Events) {
    const { authority, clientId, now, uniqueId, random } = settings;
    const refusedCredentials = new RefusedCredentials();
    const clockOffset = new ClockOffset();
    this.#settings = settings;
    this.#events = events;
    this.#tenants = new Tenants(authority, settings.tenants);
    this.#transport = createTransportOf(settings);
    this.#servers = createTokenCache({ now, random, flightTimeoutMs: settings.deadlineMs, maxEntries: MOST_SERVERS });
    this.#present = createTokenCache({ now, flightTimeoutMs: settings.deadlineMs, maxEntries: 1 });
    this.#expiryWarnings = new ExpiryWarnings(events);
    this.#context = {
      ...settings,
      events,
      clockOffset,
      refusedCredentials,
      transport: this.#transport,
      serverOf: (of, signal) => this.#serverOf(of, signal),
      isRefused: (fingerprint) => refusedCredentials.has(fingerprint, now()),
      dpop: settings.dpop ? new DpopKey({ now: () => now() + clockOffset.offsetMs, uniqueId }) : undefined,
      throttle: new Throttle(),
      refusals: new Refusals(),
      ownTokens: new OwnTokens({ clientId }),
      onLoaded: (loaded) => {
        this.#expiryWarnings.consider(loaded, now());
        this.#keepBinding(loaded);
      },
    };
  }

  requireScopes(scopes: readonly string[]): void {
    if (this.#settings.authority.kind === 'entra') requireDefaultScope(scopes);
  }

  tenantOf(tenant: string | undefined): string | undefined {
    return this.#tenants.named(tenant);
  }

  get binding(): TokenBinding | undefined {
    return this.#binding;
  }

  async refreshBinding(signal: AbortSignal | undefined): Promise<void> {
    const { credential, authority } = this.#settings;
    if (credential.bindsTokens !== true) return;
    // At once out of date, so that only those who ask at the same time share it.
    const acquire = async (flight: AbortSignal): Promise<Present> => ({
      loaded: await loadCredential(this.#context, { authority, signal: flight }),
      expiresAtMs: 0,
    });
    try {
      this.#keepBinding((await this.#present.get('credential', { acquire, signal })).loaded);
    } catch (error) {
      signal?.throwIfAborted();
      // What is kept under the last one can be used all the same; a request says for itself what is wrong.
      if (this.#binding === undefined) throw error;
    }
  }

  async acquire(asked: AskedToken, signal: AbortSignal): Promise<AccessToken> {
    const authority = this.#tenants.authorityOf(asked.tenant);
    const token = await acquireToken(this.#context, { ...asked, authority }, signal);
    this.#lastSuccessAtMs = this.#settings.now();
    return token;
  }

  check(options: CheckOptions, store: Store | undefined): Promise<CheckReport> {
    const { authority, deadlineMs } = this.#settings;
    return check(options, { authority, context: this.#context, store, deadlineMs, lastSuccessAtMs: this.#lastSuccessAtMs });
  }

  /** After a revocation nothing that was refused is held against anybody. */
  forget(): void {
    this.#context.refusals.forget();
    this.#context.refusedCredentials.forget();
  }

  async close(): Promise<void> {
    await Promise.all([this.#servers.close(), this.#present.close(), this.#transport.close()]);
  }

  #keepBinding({ bindsTokens, tls }: LoadedCredential): void {
    this.#binding = bindsTokens === true ? tls : undefined;
  }

  async #serverOf(authority: Authority, signal: AbortSignal): Promise<AuthorizationServer> {
    if (authority.server !== undefined) return authority.server;
    const { attemptTimeoutMs: timeoutMs, now } = this.#settings;
    const acquire = async (flight: AbortSignal): Promise<DiscoveredServer> => {
      if (authority.discover === undefined) throw new TokenSourceError('invalid_configuration', 'The authority names no server');
      const found = await authority.discover({ transport: this.#transport, signal: flight, timeoutMs, now });
      this.#warnOfForeignEndpoint(found.server);
      return found;
    };
    return (await this.#servers.get(authority.issuer, { acquire, signal })).server;
  }

  #warnOfForeignEndpoint(server: AuthorizationServer): void {
    if (server.profile !== 'rfc' || !hasForeignTokenEndpoint(server)) return;
    const message = `The metadata of ${server.issuer} name a token endpoint at another origin, ${new URL(server.tokenEndpoint).origin}`;
    this.#events.publish('warning', () => ({ warning: 'foreign_token_endpoint' as const, message }));
  }
}

/** The credential as it is at this moment. */
interface Present extends Expiring {
  readonly loaded: LoadedCredential;
}

/** Where each tenant has a server of its own to be found out. */
const MOST_SERVERS = 1_000;
