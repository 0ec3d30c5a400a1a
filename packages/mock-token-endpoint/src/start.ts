/** Starts a mock: makes its keys, certificates and files, fills its directory, and opens the listener. */
import { randomBytes, randomUUID } from 'node:crypto';
import { API_RESOURCE, READ_USERS } from './api/graph.ts';
import { createReplayStore } from './checks/replay.ts';
import { createClock } from './clock.ts';
import { type ConfiguredTenants, createDirectory, readTenants } from './directory.ts';
import { createScript } from './faults/rules.ts';
import { createFolder, type Folder } from './folder.ts';
import { createJournal } from './journal.ts';
import { type MockTokenEndpoint, RunningMock } from './mock-token-endpoint.ts';
import { type MockOptions, readOptions, type Settings } from './options.ts';
import { createCertificates } from './pki/certificates.ts';
import { createSigningKey } from './pki/keys.ts';
import { createHandler } from './server/handler.ts';
import { listen } from './server/listener.ts';
import type { Services } from './services.ts';

/**
 * Starts a mock of Entra's token endpoint, and of an API that takes its tokens, on 127.0.0.1.
 *
 * @throws {MockError} `invalid_option` for options that cannot be used, `listen_failed` when the port cannot be had
 * @see RFC 6749 §4.4 https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function startMockTokenEndpoint(options: MockOptions = {}): Promise<MockTokenEndpoint> {
  const settings = readOptions(options);
  const tenants = readTenants(settings.tenants);
  const folder = await createFolder(settings.directory);
  try {
    return await start({ settings, tenants, folder });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function start({
  settings,
  tenants,
  folder,
}: {
  settings: Settings;
  tenants: ConfiguredTenants;
  folder: Folder;
}): Promise<MockTokenEndpoint> {
  const clock = createClock(settings.now);
  const [certificates, signingKey] = await Promise.all([
    createCertificates({ realMs: Date.now(), injectedMs: clock.now() }),
    createSigningKey(),
  ]);
  await folder.write(certificates);
  // Entra's secrets hold a `~`, which form encoders do not agree on.
  const ownClient = {
    id: randomUUID(),
    secret: `Mock~${randomBytes(24).toString('base64url')}`,
    certificate: certificates.client.certificate,
  };
  const resources = { [API_RESOURCE]: { roles: [READ_USERS] }, 'https://graph.microsoft.com': {}, ...settings.resources };
  const listener = await listen({ port: settings.port, certificate: settings.tls ? certificates.server : undefined });
  const services: Services = {
    authorityHost: listener.origins[0],
    directory: createDirectory({ tenants, resources, ownClient }),
    signingKey,
    replays: createReplayStore({ capacity: REMEMBERED_ASSERTIONS }),
    clock,
    tokenLifetimeSeconds: settings.tokenLifetimeSeconds,
    uniqueId: randomUUID,
  };
  const journal = createJournal({ capacity: settings.journalEntries });
  const script = createScript();
  listener.serve(createHandler({ listener, services, script, journal }));
  return new RunningMock({ ca: certificates.ca, ownClient, folder, listener, services, journal, script });
}

const REMEMBERED_ASSERTIONS = 100_000;
