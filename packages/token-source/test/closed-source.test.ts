/** What several sources share, an authority or a credential, of which one is closed while it asks on behalf of all. */
import { expect, onTestFinished, test } from 'vitest';
import {
  type Authority,
  createTokenSource,
  entra,
  managedIdentity,
  secret,
  type TokenSource,
  type TokenSourceOptions,
} from '../src/index.ts';

const SCOPE = 'api://orders/.default';
const REGIONAL = 'westeurope.login.microsoft.com';

/** A source whose requests are answered by this function, and the hosts that it asked. */
function sourceAt(
  authority: Authority,
  answer: (host: string) => Promise<Response>,
  options: Partial<TokenSourceOptions> = {},
): { source: TokenSource; asked: string[] } {
  const asked: string[] = [];
  const fetch = (url: string | URL | Request): Promise<Response> => {
    const { host } = new URL(String(url));
    asked.push(host);
    return answer(host);
  };
  const source = createTokenSource({ authority, clientId: 'me', credential: secret('s'), maxAttempts: 1, fetch, ...options });
  onTestFinished(() => source.close());
  return { source, asked };
}

const never = (): Promise<Response> => new Promise(() => {});

async function knowing(host: string): Promise<Response> {
  if (host === '169.254.169.254') return Response.json({ location: 'westeurope' });
  if (host === 'login.microsoftonline.com')
    return Response.json({ tenant_discovery_endpoint: 'https://login.microsoftonline.com/x', metadata: [] });
  return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 });
}

const automatic = (): Authority => entra({ tenant: 'contoso.com', region: 'auto', environment: {} });

test('ENT-43: a source that waits for the region asks for itself when the one that asked is closed', async () => {
  const authority = automatic();
  let loaded = 0;
  const credential = secret(() => {
    loaded += 1;
    return 's';
  });
  const [first, second] = [sourceAt(authority, never), sourceAt(authority, knowing, { credential })];
  const closed = expect(first.source.getToken(SCOPE)).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => first.asked.length).toBe(1);
  const waiting = second.source.getToken(SCOPE);
  await expect.poll(() => loaded).toBe(1);
  expect(second.asked).toEqual([]);
  await first.source.close();
  await closed;
  expect((await waiting).value).toBe('token');
  expect(second.asked).toEqual(['169.254.169.254', REGIONAL]);
});

test('ENT-43: and so does one that comes later, and the answer is kept for all', async () => {
  const authority = automatic();
  const [first, second, third] = [sourceAt(authority, never), sourceAt(authority, knowing), sourceAt(authority, knowing)];
  const closed = expect(first.source.getToken(SCOPE)).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => first.asked.length).toBe(1);
  await first.source.close();
  await closed;
  await second.source.getToken(SCOPE);
  await third.source.getToken(SCOPE);
  expect([second.asked, third.asked]).toEqual([['169.254.169.254', REGIONAL], [REGIONAL]]);
});

test('ENT-41: the same holds for the question whether a host is one of Microsoft’s', async () => {
  const authority = entra({ tenant: 'contoso.com', authorityHost: 'login.example.com' });
  const [first, second] = [sourceAt(authority, never), sourceAt(authority, knowing)];
  const closed = expect(first.source.getToken(SCOPE)).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => first.asked.length).toBe(1);
  const waiting = second.source.getToken(SCOPE);
  await first.source.close();
  await closed;
  expect((await waiting).value).toBe('token');
  expect(second.asked).toEqual(['login.microsoftonline.com', 'login.example.com']);
});

test('a source that was closed itself is told so, once', async () => {
  const { source, asked } = sourceAt(automatic(), never);
  await source.close();
  await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'closed' });
  expect((await source.check({ network: true })).problems).toEqual([expect.stringContaining('closed')]);
  expect(asked).toEqual([]);
});

test('a source that shares its managed identity with one that is closed meanwhile asks the platform for itself', async () => {
  const authority = entra({ tenant: 'contoso.com', authorityHost: 'login.microsoftonline.us' });
  const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://169.254.169.254' };
  const credential = managedIdentity({ environment });
  const assertion = [{ alg: 'RS256' }, {}, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const platform = async (): Promise<Response> => Response.json({ access_token: assertion, token_type: 'Bearer', expires_in: '3600' });
  const answer = (host: string): Promise<Response> => (host === '169.254.169.254' ? platform() : knowing(host));
  const options = { credential, maxAttempts: 2, sleep: async () => {} };
  const [first, second] = [sourceAt(authority, never, options), sourceAt(authority, answer, options)];
  const closed = expect(first.source.getToken(SCOPE)).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => first.asked.length).toBe(1);
  const waiting = second.source.getToken(SCOPE);
  await first.source.close();
  await closed;
  expect((await waiting).value).toBe('token');
});
