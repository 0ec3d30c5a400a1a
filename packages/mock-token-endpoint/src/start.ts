/** Starts a mock: makes its keys, certificates and files, fills its directory, and opens the listeners. */
import { createApiState } from './api/state.ts';
import { API_RESOURCE, READ_USERS, VAULT_RESOURCE } from './api-resource.ts';
import { createReplayStore } from './checks/replay.ts';
import { createClock } from './clock.ts';
import { createDirectory } from './directory/directory.ts';
import { type ConfiguredTenants, readTenants } from './directory/tenants.ts';
import { createScript } from './faults/script.ts';
import { createFolder, type Folder } from './folder.ts';
import { createHandler } from './handler.ts';
import { createIds } from './ids.ts';
import { createJournal } from './journal.ts';
import { type MockTokenEndpoint, RunningMock } from './mock-token-endpoint.ts';
import { type MockOptions, readOptions, type Settings } from './options.ts';
import { createCertificates } from './pki/certificates.ts';
import { fixtureKeys } from './pki/fixture-keys.ts';
import { issueCertificate } from './pki/issue.ts';
import { createSigningKey, generateRsaKeyPair, type KeySource } from './pki/keys.ts';
import { platformEnvironment } from './platform/environment.ts';
import { createFederatedToken } from './platform/external-issuer.ts';
import { TOKEN_EXCHANGE_AUDIENCE } from './platform/federated-credentials.ts';
import { createPlatformState } from './platform/state.ts';
import { RFC_PATH } from './rfc/paths.ts';
import { createRfcState } from './rfc/state.ts';
import { type Listener, type ListenerOptions, listen } from './server/listener.ts';
import type { Services } from './services.ts';
import { forgetTenant, type Steering } from './steering.ts';

/**
 * Starts a mock of Entra's token endpoint, of a strict RFC 6749 server, and of an API that takes their tokens, on 127.0.0.1.
 *
 * @throws {MockError} `invalid_option` for options that cannot be used, `listen_failed` when the port cannot be had
 * @see RFC 6749 §4.4 https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function startMockTokenEndpoint(options: MockOptions = {}): Promise<MockTokenEndpoint> {
  const settings = readOptions(options);
  const tenants = readTenants(settings.tenants);
  const folder = await createFolder(settings.directory);
  const listeners: Listener[] = [];
  try {
    return await start({ settings, tenants, folder, listeners });
  } catch (error) {
    await Promise.all([...listeners.map((listener) => listener.close()), folder.remove()]);
    throw error;
  }
}

interface Parts {
  readonly settings: Settings;
  readonly tenants: ConfiguredTenants;
  readonly folder: Folder;
  /** Those opened so far: they are closed again when a later step fails. */
  readonly listeners: Listener[];
}

async function start({ settings, tenants, folder, listeners }: Parts): Promise<MockTokenEndpoint> {
  const clock = createClock(settings.now);
  const { seed } = settings;
  const ids = createIds({ purpose: 'start', seed });
  const requestIds = createIds({ purpose: 'requests', seed });
  // In this order, on which a seed makes them depend.
  const tenantId = ids.guid();
  const own = { id: ids.guid(), secret: `Mock~${ids.secret(24)}`, pfxPassword: ids.secret(12) };
  const controlToken = ids.secret(24);
  const keys: KeySource = seed === undefined ? generateRsaKeyPair : fixtureKeys;
  const [certificates, signingKey, externalKey] = await Promise.all([
    createCertificates({ keys, uniqueOctets: () => ids.octets(16), realMs: Date.now(), injectedMs: clock.now() }),
    keys('access tokens').then(createSigningKey),
    keys('external issuer').then(createSigningKey),
  ]);
  const open = async (listenerOptions: ListenerOptions) => {
    const listener = await listen(listenerOptions);
    listeners.push(listener);
    return listener.origins[0];
  };
  const authorityHost = await open({ name: 'public', port: settings.port, certificate: settings.tls ? certificates.server : undefined });
  const mtlsOrigin = await open({ name: 'mtls', port: 0, certificate: certificates.server });
  const platformUrl = await open({ name: 'local', port: 0, certificate: undefined });

  const platform = createPlatformState({ ids, requestIds, tenantId, authorityHost, platformUrl, externalKey, folder });
  const services: Services = {
    authorityHost,
    issuer: `${authorityHost}${RFC_PATH}`,
    mtlsOrigin,
    platformUrl,
    ca: certificates.ca,
    strictness: settings.strictness,
    directory: createDirectory({
      tenants,
      resources: {
        [API_RESOURCE]: { roles: [READ_USERS] },
        [VAULT_RESOURCE]: {},
        'https://graph.microsoft.com': {},
        [TOKEN_EXCHANGE_AUDIENCE]: {},
        ...settings.resources,
      },
      ownClient: { ...own, certificate: certificates.client.certificate, federatedCredentials: platform.federatedCredentials },
      takesUnknownClients: settings.strictness.takesUnknownClients,
    }),
    signingKey,
    replays: createReplayStore({ capacity: REMEMBERED_ASSERTIONS }),
    rfc: createRfcState({ demandsNonce: settings.dpopNonce, nonceSecret: ids.secret(24) }),
    platform,
    api: createApiState(),
    clock,
    tokenLifetimeSeconds: settings.tokenLifetimeSeconds,
    uniqueId: requestIds.guid,
  };
  await folder.write({ ...certificates, pfxPassword: own.pfxPassword });
  const steering: Steering = {
    journal: createJournal({ capacity: settings.journalEntries }),
    script: createScript(),
    clock,
    controlToken,
    identity: { tenantId, clientId: own.id, profile: settings.profile },
    reset: (tenant) => {
      if (tenant !== undefined) {
        forgetTenant(steering, { tenant, ...services });
        return;
      }
      const { replays, rfc, directory, api } = services;
      const { arcChallenges } = platform;
      for (const state of [steering.journal, steering.script, replays, rfc, directory, api, arcChallenges, requestIds]) state.clear();
      clock.reset();
    },
    issueCertificate: (request) => issueCertificate(request, { certificates, services, ids: requestIds }),
    createFederatedToken: (request) => createFederatedToken(request, services),
    platformEnvironment: (name) => platformEnvironment(name, { services, folder, own }),
  };
  for (const listener of listeners) listener.serve(createHandler({ listener, services, steering }));
  return new RunningMock({ tenantId, ownClient: own, folder, listeners, services, steering });
}

const REMEMBERED_ASSERTIONS = 100_000;
