/** A token source for the identity of the machine itself: the platform is asked, and no application's credential is needed. */
import { type AccessToken, requireDefaultScope } from '@client-credentials/protocol';
import type { Store } from '@client-credentials/token-cache';
import { CachingTokenSource } from './caching-token-source.ts';
import { type Effects, readEffects } from './effects.ts';
import type { Environment } from './environment.ts';
import { TokenSourceError } from './errors.ts';
import { Events } from './events.ts';
import { acquireFromPlatform, type PlatformContext } from './managed-identity/acquire.ts';
import { usualArcInstallation } from './managed-identity/arc-installation.ts';
import { detectPlatform } from './managed-identity/detect-platform.ts';
import { type IdentityOptions, readIdentity } from './managed-identity/identity.ts';
import type { Platform } from './managed-identity/platform.ts';
import { ATTEMPT_TIMEOUT_MS, DEADLINE_MS, MAX_ENTRIES, SOURCE_NAME } from './options.ts';
import type { AskedToken, TokenOrigin } from './token-origin.ts';
import type { CheckOptions, CheckReport, TokenSource } from './token-source.ts';
import type { Transport } from './transport/transport.ts';
import { createTransportOf } from './transport/transport-of.ts';

export interface ManagedIdentitySourceOptions extends Effects, IdentityOptions {
  /** Default: `process.env`. */
  environment?: Environment | undefined;
}

/**
 * A source of tokens for a managed identity: the machine's own, or the user-assigned one that is named. The platform is found by its
 * environment: Service Fabric, App Service and its kin, Azure Machine Learning, Cloud Shell, Azure Arc, else IMDS.
 *
 * Platforms keep tokens and hand out the same one until it nears its end: `forceRefresh` and `rejectedToken` ask again, and may get it
 * once more. There are no claims and no other tenants. A call waits 30 s at most, and on a virtual machine 90 s, since IMDS may be gone
 * for 70 s while it is renewed; `deadlineAtMs` and `signal` shorten that.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken` `credential_unavailable`, `network`, `timeout`, `redirected`
 * @throws {ProtocolError} from `getToken`: `invalid_scope` unless it is one `{resource}/.default`
 * @see How managed identities work
 *   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-managed-identities-work-vm
 */
export function createManagedIdentitySource(options: ManagedIdentitySourceOptions = {}): TokenSource {
  const { clientId, objectId, resourceId, environment = process.env, ...effects } = options;
  const identity = readIdentity({ clientId, objectId, resourceId });
  const platform = detectPlatform({ environment, identity, arc: usualArcInstallation(environment) });
  const read = { ...readEffects(effects), deadlineMs: platform.deadlineMs ?? DEADLINE_MS, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS };
  const origin = new PlatformOrigin(platform, { ...read, timeoutMs: ATTEMPT_TIMEOUT_MS, transport: createTransportOf(read) });
  // The machine's own tokens stay on the machine: the platform keeps them for all its processes.
  const settings = { ...read, name: SOURCE_NAME, maxEntries: MAX_ENTRIES, store: undefined, extendedLifetime: false };
  return new CachingTokenSource({ settings, events: new Events(SOURCE_NAME), origin, storeKeyPrefix: '' });
}

class PlatformOrigin implements TokenOrigin {
  readonly binding: undefined = undefined;
  readonly #platform: Platform;
  readonly #context: Omit<PlatformContext, 'signal'> & { readonly transport: Transport };
  #lastSuccessAtMs: number | undefined;

  constructor(platform: Platform, context: Omit<PlatformContext, 'signal'> & { readonly transport: Transport }) {
    this.#platform = platform;
    this.#context = context;
  }

  requireScopes(scopes: readonly string[]): void {
    requireDefaultScope(scopes);
  }

  tenantOf(tenant: string | undefined): undefined {
    if (tenant === undefined) return;
    throw new TokenSourceError('tenant_not_allowed', `A managed identity is of one tenant, and "${tenant}" is named; leave it out`);
  }

  // Entra: no claims go along, since managed identities know no continuous access evaluation.
  async acquire({ scopes }: AskedToken, signal: AbortSignal): Promise<AccessToken> {
    const token = await acquireFromPlatform(this.#platform, scopes, { ...this.#context, signal });
    this.#lastSuccessAtMs = this.#context.now();
    return token;
  }

  async refreshBinding(): Promise<void> {}

  async check({ network = false }: CheckOptions, _store: Store | undefined): Promise<CheckReport> {
    const problem = network ? await this.#absence() : 'Whether the platform is there has to be asked for; use check({ network: true })';
    return {
      ok: problem === undefined,
      canSign: problem === undefined,
      ...(this.#lastSuccessAtMs !== undefined && { lastSuccessAtMs: this.#lastSuccessAtMs }),
      clockOffsetMs: 0,
      problems: problem === undefined ? [] : [problem],
    };
  }

  forget(): void {}

  close(): Promise<void> {
    return this.#context.transport.close();
  }

  async #absence(): Promise<string | undefined> {
    const { transport, timeoutMs } = this.#context;
    try {
      await this.#platform.find?.((request, options) =>
        transport.send({ ...request, direct: true, signal: AbortSignal.timeout(timeoutMs), timeoutMs: options?.timeoutMs ?? timeoutMs }),
      );
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : 'The platform cannot be found';
    }
  }
}
