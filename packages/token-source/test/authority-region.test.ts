// The region of a token request: named, found out, or none.
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { expect, onTestFinished, test } from 'vitest';
import type { Authority, DiscoveryContext } from '../src/authority/authority.ts';
import { entra } from '../src/index.ts';
import type { HttpRequest } from '../src/transport/transport.ts';
import { openTransport } from './send.ts';

const GLOBAL = 'login.microsoftonline.com';

test('ENT-44: without the option there is no region, whatever the environment says', () => {
  const { server, discover } = entra({ tenant: 'contoso.com', environment: { REGION_NAME: 'westeurope' } });
  expect([new URL(server?.tokenEndpoint ?? '').host, discover]).toEqual([GLOBAL, undefined]);
});

test('ENT-42: a named region is used without a question, for every tenant', () => {
  const { server, forTenant } = entra({ tenant: 'contoso.com', region: 'WestEurope' });
  expect(server?.tokenEndpoint).toBe('https://westeurope.login.microsoft.com/contoso.com/oauth2/v2.0/token');
  expect(forTenant?.('fabrikam.com').server?.tokenEndpoint).toBe('https://westeurope.login.microsoft.com/fabrikam.com/oauth2/v2.0/token');
});

test.each(['a', ''])('ENT-42: the region "%s" is refused at once', (region) => {
  expect(() => entra({ tenant: 'contoso.com', region })).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
});

test.each(['westeurope', 'auto'])('the region %s is refused at once where there are none', (region) => {
  const options = { tenant: 'contoso.com', authorityHost: '127.0.0.1', region };
  expect(() => entra(options)).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
});

test('ENT-43: auto takes what REGION_NAME says, and then asks nobody', async () => {
  const asked: HttpRequest[] = [];
  const authority = entra({ tenant: 'contoso.com', region: 'auto', environment: { REGION_NAME: 'West Europe' } });
  expect(await hostOf(authority, contextWith(fail, asked))).toBe('westeurope.login.microsoft.com');
  expect([authority.server, asked]).toEqual([undefined, []]);
});

test('ENT-43: else it asks the virtual machine, past any proxy and for two seconds at most', async () => {
  const mock = await startMock();
  const asked: HttpRequest[] = [];
  expect(await hostOf(automatic(), contextWith(sendTo(mock.platformUrl), asked))).toBe('westeurope.login.microsoft.com');
  expect(asked).toMatchObject([
    {
      url: 'http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01',
      method: 'GET',
      headers: { metadata: 'true' },
      direct: true,
      timeoutMs: 2000,
    },
  ]);
});

test('ENT-43: a machine that no longer knows the version is asked which it knows, and for the newest', async () => {
  const mock = await startMock();
  const asked: HttpRequest[] = [];
  const reachMachine = sendTo(mock.platformUrl);
  const send: Send = (request) =>
    reachMachine({ ...request, url: request.url.replace('=2021-02-01', asked.length === 1 ? '=1999-01-01' : '$&') });
  expect(await hostOf(automatic(), contextWith(send, asked))).toBe('westeurope.login.microsoft.com');
  expect(asked.map(({ url }) => new URL(url).search)).toEqual(['?api-version=2021-02-01', '', '?api-version=2021-02-01']);
});

test.each<readonly [string, Send]>([
  ['nobody answers', fail],
  ['the answer is an error', answer(500, { location: 'westeurope' })],
  ['the answer is no JSON', async () => ({ status: 200, headers: {}, body: '<html>' })],
  ['the answer names no region', answer(200, {})],
  ['the answer names a host', answer(200, { location: 'eastus.evil.com/' })],
  ['the answer names something else', answer(200, { location: ['westeurope'] })],
  ['no version is known', answer(400, { 'newest-versions': [], location: 'westeurope' })],
  [
    'versions come with no refusal',
    async ({ url }) => answer(url.endsWith('?') ? 200 : 400, { 'newest-versions': ['1'] })({ url } as never),
  ],
])('ENT-43: the global host serves where %s, and that is not found out again', async (_, send) => {
  const asked: HttpRequest[] = [];
  const authority = automatic();
  let nowMs = 0;
  const context = { ...contextWith(send, asked), now: () => nowMs };
  expect(await hostOf(authority, context)).toBe(GLOBAL);
  const { length } = asked;
  expect(length).toBeGreaterThan(0);
  nowMs = 30 * 24 * 3600 * 1000;
  expect(await hostOf(authority, context)).toBe(GLOBAL);
  expect(asked).toHaveLength(length);
});

test('ENT-42, ENT-43: a REGION_NAME that can be none is passed over', async () => {
  const authority = entra({ tenant: 'contoso.com', region: 'auto', environment: { REGION_NAME: 'x' } });
  expect(await hostOf(authority, contextWith(answer(200, { location: 'North Europe' })))).toBe('northeurope.login.microsoft.com');
});

test('ENT-43: all tenants share one answer, also those who come while it is awaited', async () => {
  const asked: HttpRequest[] = [];
  const authority = automatic();
  const context = contextWith(answer(200, { location: 'westeurope' }), asked);
  const tenants = Array.from({ length: 20 }, (_, index) => authority.forTenant?.(`tenant-${index}.com`) ?? authority);
  const servers = await Promise.all(tenants.map((tenant) => tenant.discover?.(context)));
  expect(servers.map((found) => found?.server.tokenEndpoint)).toEqual(
    tenants.map(({ tenant }) => `https://westeurope.login.microsoft.com/${tenant}/oauth2/v2.0/token`),
  );
  expect(servers.every((found) => Number.isFinite(found?.expiresAtMs))).toBe(true);
  expect(asked).toHaveLength(1);
});

test('who no longer waits ends the wait, not the question', async () => {
  let release = (): void => {};
  const asked: HttpRequest[] = [];
  const waiting = new Promise<void>((resolve) => {
    release = resolve;
  });
  const send: Send = async (request) => {
    await waiting;
    request.signal.throwIfAborted();
    return answer(200, { location: 'westeurope' })(request);
  };
  const authority = automatic();
  const leaving = new AbortController();
  const left = hostOf(authority, { ...contextWith(send, asked), signal: leaving.signal });
  await expect.poll(() => asked.length).toBe(1);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrowError('left');
  release();
  expect(await hostOf(authority, contextWith(send, asked))).toBe('westeurope.login.microsoft.com');
  expect(asked).toHaveLength(1);
});

type Send = DiscoveryContext['transport']['send'];

const automatic = (): Authority => entra({ tenant: 'contoso.com', region: 'auto', environment: {} });

function fail(): Promise<never> {
  return Promise.reject(new Error('nobody'));
}

function answer(status: number, body: unknown): Send {
  return async () => ({ status, headers: {}, body: JSON.stringify(body) });
}

/** The machine's address, played by the mock. */
function sendTo(platformUrl: string): Send {
  const { send } = openTransport();
  return (request) => send({ ...request, url: request.url.replace('http://169.254.169.254/', `${new URL(platformUrl).origin}/`) });
}

function contextWith(send: Send, asked: HttpRequest[] = []): DiscoveryContext {
  const transport: DiscoveryContext['transport'] = {
    send: (request) => {
      asked.push(request);
      return send(request);
    },
  };
  return { transport, signal: new AbortController().signal, timeoutMs: 10_000, now: () => 0 };
}

async function hostOf(authority: Authority, context: DiscoveryContext): Promise<string> {
  return new URL((await authority.discover?.(context))?.server.tokenEndpoint ?? '').host;
}

async function startMock(): ReturnType<typeof startMockTokenEndpoint> {
  const mock = await startMockTokenEndpoint();
  onTestFinished(() => mock.close());
  return mock;
}
