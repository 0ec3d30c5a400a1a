/** A managed identity's token as the application's assertion, so that no secret is kept anywhere. Entra: workload identity federation. */
import type { AccessToken } from '@client-credentials/protocol';
import { createTokenCache, type TokenCache } from '@client-credentials/token-cache';
import type { Environment } from '../environment.ts';
import { acquireFromPlatform } from '../managed-identity/acquire.ts';
import { usualArcInstallation } from '../managed-identity/arc-installation.ts';
import { detectPlatform } from '../managed-identity/detect-platform.ts';
import { readIdentity } from '../managed-identity/identity.ts';
import type { Credential } from './credential.ts';
import { createTokenLoader, exchangeAudience } from './external-token.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';

export interface ManagedIdentityOptions {
  /** Names a user-assigned identity. Entra takes no token of a system-assigned one here; without a name the platform's only one serves. */
  clientId?: string | undefined;
  /** Default: Entra's for the exchange in this cloud. */
  audience?: string | undefined;
  /** Default: `process.env`. */
  environment?: Environment | undefined;
}

/**
 * The application has a federated credential that names the managed identity; its token, which the platform hands out, is the assertion.
 * It is kept until shortly before it expires. Each attempt of the source asks the platform once. For an identity that calls APIs itself there is `createManagedIdentitySource`.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken` `credential_unavailable`, `network`, `timeout`
 * @see Configure an application to trust a managed identity
 *   https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function managedIdentity(options: ManagedIdentityOptions = {}): Credential {
  requireKnownOptions(options, { of: 'managedIdentity', types: OPTION_TYPES });
  const { clientId, audience, environment = process.env } = options;
  const platform = detectPlatform({ environment, identity: readIdentity({ clientId }), arc: usualArcInstallation(environment) });
  const loadToken = createTokenLoader(KIND);
  let tokens: TokenCache<AccessToken> | undefined;
  return {
    kind: KIND,
    async load(context) {
      const { now, random, signal, authority, timeoutMs, isRefused } = context;
      tokens ??= createTokenCache({ now, random, maxEntries: MOST_AUDIENCES });
      const scope = `${audience ?? exchangeAudience(authority)}/.default`;
      const acquire = (flight: AbortSignal): Promise<AccessToken> =>
        acquireFromPlatform(platform, [scope], { ...context, signal: flight, deadlineMs: MOST_REQUESTS * timeoutMs, mostAttempts: 1 });
      const loaded = loadToken((await tokens.get(scope, { acquire, signal })).value);
      if (!isRefused(loaded.fingerprint)) return loaded;
      return loadToken((await tokens.get(scope, { acquire, signal, forceRefresh: true })).value);
    },
  };
}

const KIND = 'managedIdentity';
const MOST_AUDIENCES = 10;
/** Of one attempt: one that finds the platform, one that is asked for a proof, and one that has it. */
const MOST_REQUESTS = 3;
const OPTION_TYPES: OptionTypes<ManagedIdentityOptions> = { clientId: ['string'], audience: ['string'], environment: ['object'] };
