// An authority host that nobody here knows is asked about before a credential goes there.
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenSource, entra, secret, type TokenSourceOptions } from '../src/index.ts';
import { openTransport } from './send.ts';

const HOST = 'login.unknown.example';
const SCOPE = 'https://graph.microsoft.com/.default';
const HOUR_MS = 3600 * 1000;

test('ENT-41: Microsoft is asked about an unknown host, without credentials, and once for all tenants', async () => {
  const { source, asked } = await sourceAt({ microsoft: knowing });
  await Promise.all(['contoso.com', 'fabrikam.com'].map((tenant) => source.getToken(SCOPE, { tenant })));
  expect(asked.map(({ url, method, body }) => [method, url.split('/').slice(2, 4).join('/'), body?.includes('secret') ?? false])).toEqual([
    ['GET', 'login.microsoftonline.com/common', false],
    ['POST', `${HOST}/contoso.com`, true],
    ['POST', `${HOST}/fabrikam.com`, true],
  ]);
  const endpoint = `https://${HOST}/contoso.com/oauth2/v2.0/authorize`;
  expect(new URL(asked[0]?.url ?? '').searchParams.get('authorization_endpoint')).toBe(endpoint);
});

test('ENT-41: a host that Microsoft does not know gets nothing, and is not asked about again for a day', async () => {
  const { source, asked, clock } = await sourceAt({ microsoft: refusing });
  const refusal = { code: 'untrusted_authority', transient: false, message: expect.stringContaining(`"${HOST}"`) };
  await expect(source.getToken(SCOPE)).rejects.toMatchObject(refusal);
  await expect(source.getToken(SCOPE, { tenant: 'fabrikam.com' })).rejects.toMatchObject(refusal);
  clock.nowMs += 11 * HOUR_MS;
  await expect(source.getToken(SCOPE)).rejects.toMatchObject(refusal);
  expect(asked.map(({ method }) => method)).toEqual(['GET']);
  clock.nowMs += 14 * HOUR_MS;
  await expect(source.getToken(SCOPE)).rejects.toMatchObject(refusal);
  expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
});

test.each<readonly [string, Answer, object]>([
  ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), { code: 'network', transient: true, attempts: 3 }],
  ['sends elsewhere', async () => new Response(null, { status: 302, headers: { location: `https://${HOST}/` } }), { code: 'redirected' }],
  ['says neither', async () => Response.json({}), { code: 'invalid_response' }],
])('ENT-41: where Microsoft %s, the unknown host gets nothing', async (_, microsoft, failure) => {
  const { source, asked } = await sourceAt({ microsoft });
  await expect(source.getToken(SCOPE)).rejects.toMatchObject(failure);
  expect(asked.every(({ url }) => url.startsWith('https://login.microsoftonline.com/common/'))).toBe(true);
});

test('a failure to ask is not kept', async () => {
  let isDown = true;
  const { source, asked } = await sourceAt({ microsoft: (url) => (isDown ? Promise.reject(new TypeError('down')) : knowing(url)) });
  await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'network' });
  isDown = false;
  await source.getToken(SCOPE);
  expect(asked.at(-1)?.method).toBe('POST');
});

test('ENT-41: the refusal of a server that is shaped as Microsoft’s is understood', async () => {
  const mock = await startMockTokenEndpoint();
  onTestFinished(() => mock.close());
  const { send } = openTransport({ ca: [mock.ca] });
  const asMicrosoft = new URL(mock.authorityHost).origin;
  const transport: { send: typeof send } = {
    send: (request) => send({ ...request, url: request.url.replace('https://login.microsoftonline.com', asMicrosoft) }),
  };
  const context = { transport, signal: new AbortController().signal, timeoutMs: 10_000, now: Date.now };
  const found = entra({ tenant: mock.tenantId, authorityHost: HOST }).discover?.(context);
  await expect(found).rejects.toMatchObject({ code: 'untrusted_authority' });
  expect(mock.journal).toMatchObject([{ method: 'GET', status: 400, error: 'invalid_instance' }]);
});

test('options changed after the host was judged change nothing', async () => {
  const options = { tenant: 'contoso.com', authorityHost: HOST };
  const { source, asked } = await sourceAt({ microsoft: knowing, authority: entra(options) });
  options.authorityHost = 'login.evil.example';
  await source.getToken(SCOPE);
  expect(asked.map(({ url }) => new URL(url).host)).toEqual(['login.microsoftonline.com', HOST]);
});

type Answer = (url: string) => Promise<Response>;

const knowing: Answer = async () => Response.json({ tenant_discovery_endpoint: 'https://login.microsoftonline.com/x', metadata: [] });

const refusing: Answer = async () => Response.json({ error: 'invalid_instance', error_codes: [50049] }, { status: 400 });

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
}

/** A source at the unknown host, whose requests reach nobody; Microsoft's answers are the test's. */
async function sourceAt({ microsoft, authority }: { microsoft: Answer; authority?: TokenSourceOptions['authority'] }) {
  const asked: Asked[] = [];
  const clock = { nowMs: Date.UTC(2026, 11, 1) };
  const source = createTokenSource({
    authority: authority ?? entra({ tenant: 'contoso.com', authorityHost: HOST }),
    clientId: 'me',
    credential: secret('marker-secret'),
    tenants: 'any',
    now: () => clock.nowMs,
    sleep: async () => {},
    fetch: async (input, init) => {
      const url = String(input);
      asked.push({ url, method: init?.method ?? '', body: init?.body === null ? undefined : String(init?.body) });
      if (new URL(url).host !== HOST) return microsoft(url);
      return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 });
    },
  });
  onTestFinished(() => source.close());
  return { source, asked, clock };
}
