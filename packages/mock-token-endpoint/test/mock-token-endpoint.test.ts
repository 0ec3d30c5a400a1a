/** Starting and ending: files, port, connections, options, and what the listener does not let in. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type MockOptions, type MockTokenEndpoint, startMockTokenEndpoint } from '../src/index.ts';
import { GUID, type Harness, startHarness } from './harness.ts';

const MARKER = 'planted-secret-marker';

const directory = mkdtempSync(join(tmpdir(), 'mock-test-'));
let harness: Harness;
let plain: Harness;
beforeAll(async () => {
  [harness, plain] = await Promise.all([
    startHarness({ directory, seed: undefined, tenants: { 'contoso.example': { clients: { a: { secrets: [MARKER] } } } } }),
    startHarness({
      directory,
      tls: false,
      seed: 'another',
      port: undefined,
      tenants: undefined,
      resources: undefined,
      journalEntries: undefined,
    }),
  ]);
});
afterAll(async () => {
  await Promise.all([harness.close(), plain.close()]);
  rmSync(directory, { recursive: true });
});

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const portOf = ({ authorityHost }: MockTokenEndpoint) => Number(new URL(authorityHost).port);

describe('a running mock', () => {
  test('has data members that JSON shows, and nothing else that it shows', () => {
    const { mock } = harness;
    expect(JSON.parse(JSON.stringify(mock))).toEqual({
      authorityHost: expect.stringMatching(/^https:\/\/127\.0\.0\.1:[0-9]+$/),
      issuer: `${mock.authorityHost}/rfc`,
      tokenEndpoint: `${mock.authorityHost}/${mock.tenantId}/oauth2/v2.0/token`,
      tenantId: expect.stringMatching(GUID),
      clientId: expect.stringMatching(GUID),
      clientSecret: expect.stringMatching(/^[A-Za-z0-9._~-]{37}$/),
      certificateFile: join(dirname(mock.caFile), 'client.pem'),
      privateKeyFile: join(dirname(mock.caFile), 'client.key.pem'),
      pfxFile: join(dirname(mock.caFile), 'client.pfx'),
      pfxPassword: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/),
      caFile: expect.stringMatching(/\/mock-token-endpoint-[^/]+\/ca\.pem$/),
      ca: readFileSync(mock.caFile, 'utf8'),
      apiBaseUrl: `${mock.authorityHost}/graph/v1.0/`,
      scope: 'api://mock-graph/.default',
      platformUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+$/),
      inspectorUrl: `${mock.platformUrl}/__inspector/#token=${mock.controlToken}`,
      controlUrl: `${mock.platformUrl}/__control/`,
      controlToken: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
    });
  });

  test('shows no configured secret, also after a request that sent it', async () => {
    await harness.post({ client_secret: MARKER });
    expect(inspect(harness.mock, { depth: 9, showHidden: true })).not.toContain(MARKER);
    expect(JSON.stringify(harness.mock)).not.toContain(MARKER);
  });

  test('keeps four files that only the owner can read, with one private key among them', () => {
    const folder = dirname(harness.mock.caFile);
    expect(dirname(folder)).toBe(directory);
    expect(mode(folder)).toBe('700');
    const files = readdirSync(folder).sort();
    expect(files.map((name) => [name, mode(join(folder, name))])).toEqual([
      ['ca.pem', '600'],
      ['client.key.pem', '600'],
      ['client.pem', '600'],
      ['client.pfx', '600'],
    ]);
    expect(files.filter((name) => readFileSync(join(folder, name), 'utf8').includes('PRIVATE KEY'))).toEqual(['client.key.pem']);
  });

  test('answers to its own names and to no other', async () => {
    const { authorityHost } = plain.mock;
    const { port } = new URL(authorityHost);
    const asked = async (host: string) => (await plain.send(`${authorityHost}/`, { headers: { host } })).status;
    for (const host of [`127.0.0.1:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) expect(await asked(host)).toBe(404);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', 'localhost:1']) expect(await asked(host)).toBe(421);
    expect(plain.mock.journal.at(-1)?.checks).toEqual([{ name: 'the Host is this mock', passed: false, section: 'RFC 9110 §7.4' }]);
  });

  test('is heard on 127.0.0.1 and on no other address of this machine', async () => {
    const port = portOf(plain.mock);
    const reachable = (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(port, host, () => resolve(true)).on('error', () => resolve(false));
        onTestFinished(() => {
          socket.destroy();
        });
      });
    expect(await reachable('127.0.0.1')).toBe(true);
    // The whole of 127.0.0.0/8 is this machine on Linux: a socket bound to every address would be heard there too.
    expect(await reachable('127.0.0.2')).toBe(false);
  });

  test('refuses a request target that is no path', async () => {
    const { host } = new URL(plain.mock.authorityHost);
    const socket = connect(portOf(plain.mock), '127.0.0.1');
    socket.end(`OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('without TLS is http throughout', async () => {
    const { authorityHost, tokenEndpoint, apiBaseUrl } = plain.mock;
    expect([authorityHost, tokenEndpoint, apiBaseUrl].map((url) => new URL(url).protocol)).toEqual(['http:', 'http:', 'http:']);
    expect((await plain.callApi('organization', { token: await plain.accessToken() })).status).toBe(200);
  });

  test('knows nothing of another', async () => {
    expect(plain.mock.ca).not.toBe(harness.mock.ca);
    expect((await plain.callApi('users', { token: await harness.accessToken() })).json.error.message).toMatch('its signature is invalid');
    expect((await plain.post(harness.secretFields())).json.error_codes).toEqual([700016]);
    expect(harness.mock.journal.at(-1)?.status).toBe(200);
  });

  test('reads a body of 1 MiB and not an octet more', async () => {
    const post = (size: number) =>
      harness.send(harness.mock.tokenEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'a'.repeat(size),
      });
    expect((await post(1_048_576)).status).toBe(400);
    expect((await post(1_048_577)).status).toBe(413);
  });

  test('cannot have its clock turned back', () => {
    for (const ms of [-1, Number.NaN]) expect(() => harness.mock.advanceClock(ms)).toThrow(`advanceClock was given ${ms}`);
  });
});

describe('beginning and end', () => {
  test('close ends idle, busy and half-open connections, frees the port and removes the folder, once', async () => {
    const busy = await startHarness({ directory });
    const { mock } = busy;
    mock.enqueue({ delayMs: 600_000 });
    const halfOpen = connect(portOf(mock), '127.0.0.1');
    await once(halfOpen, 'connect');
    const pending = busy.post(busy.secretFields()).catch((error: Error) => error.name);
    while (mock.journal.length === 0) await new Promise((resolve) => setImmediate(resolve));

    const closed = mock.close();
    await once(halfOpen, 'close');
    await closed;
    expect(await pending).toBe('SocketError');
    expect(existsSync(dirname(mock.caFile))).toBe(false);
    const successor = createServer().listen(portOf(mock), '127.0.0.1');
    await once(successor, 'listening');
    successor.close();
    await mock.close();
    await mock[Symbol.asyncDispose]();
  });

  test('a port that is taken fails the start and leaves no folder behind', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const before = readdirSync(directory);
    await expect(startMockTokenEndpoint({ port, directory })).rejects.toMatchObject({
      name: 'MockError',
      code: 'listen_failed',
      transient: true,
      message: `Port ${port} of 127.0.0.1 cannot be listened on (EADDRINUSE): free it, or leave the port out to get a free one`,
    });
    expect(readdirSync(directory)).toEqual(before);
    holder.close();
  });

  test.each<{ title: string; options: () => MockOptions; message: string }>([
    { title: 'a port out of range', options: () => ({ port: 65_536 }), message: 'port is 65536: give a whole number from 0 to 65535' },
    {
      title: 'a lifetime of nothing',
      options: () => ({ tokenLifetimeSeconds: 0 }),
      message: 'tokenLifetimeSeconds is 0: give a whole number from 1 to 31536000',
    },
    {
      title: 'a journal of half an entry',
      options: () => ({ journalEntries: 0.5 }),
      message: 'journalEntries is 0.5: give a whole number from 1 to 100000',
    },
    {
      title: 'a clock without a time',
      options: () => ({ now: () => Number.NaN }),
      message: 'now() returned NaN: return epoch milliseconds',
    },
    {
      title: 'a tenant without a proper name',
      options: () => ({ tenants: { contoso: { clients: {} } } }),
      message: 'tenants names "contoso": use a GUID or a domain name',
    },
    {
      title: 'a certificate that is none',
      options: () => ({ tenants: { 'contoso.example': { clients: { c: { certificates: [MARKER] } } } } }),
      message: 'certificate 0 of client c cannot be read: give one PEM certificate',
    },
    {
      title: 'a directory that does not exist',
      options: () => ({ directory: join(directory, 'missing') }),
      message: `No folder can be made in directory "${join(directory, 'missing')}": give one that exists and can be written`,
    },
  ])('$title is an error that says what to do', async ({ options, message }) => {
    await expect(startMockTokenEndpoint(options())).rejects.toMatchObject({ code: 'invalid_option', transient: false, message });
  });
});
