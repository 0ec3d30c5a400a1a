/** Answers with somebody else's token: of another tenant, or for another client. Something between here and the server mixes them up. */
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createTokenSource, entra, secret, type TokenSource } from '../../src/index.ts';
import { entraSource, OTHER_TENANT, SCOPE, TENANT } from '../core/entra-loopback.ts';
import { type Loopback, sendJson, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

function sourceOf(tenant: string): TokenSource {
  const source = createTokenSource({
    authority: entra({ tenant, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    tenants: 'any',
    ca: mock.ca,
  });
  onTestFinished(() => source.close());
  return source;
}

describe.each([
  ['of another tenant', { tid: OTHER_TENANT }],
  ['for another client', { appid: OTHER_TENANT }],
])('ENT-60: a token %s', (_, token) => {
  const refusal = { code: 'contradictory_token', transient: false, attempts: 1, message: expect.stringContaining(`"${OTHER_TENANT}"`) };

  test('is refused after one request and not kept, and the right one is taken afterwards', async () => {
    const source = sourceOf(mock.tenantId);
    mock.enqueue({ token });
    await expect(source.getToken(mock.scope)).rejects.toMatchObject(refusal);
    expect([mock.journal.length, source.inspect(mock.scope)]).toEqual([1, undefined]);
    await source.getToken(mock.scope);
    expect(mock.journal).toHaveLength(2);
  });

  test('never takes the place of the one that is kept', async () => {
    const source = sourceOf(mock.tenantId);
    const kept = await source.getToken(mock.scope);
    for (const options of [{ forceRefresh: true }, { claims: '{"access_token":{"nbf":{"essential":true}}}' }]) {
      mock.enqueue({ token });
      await expect(source.getToken(mock.scope, options)).rejects.toMatchObject(refusal);
    }
    expect(await source.getToken(mock.scope)).toBe(kept);
  });

  test('is the trouble of the tenant that was asked, and of no other', async () => {
    const source = sourceOf(mock.tenantId);
    mock.enqueue({ token }, { tenant: TENANT });
    const ask = (tenant: string) => source.getToken(mock.scope, { tenant });
    const [refused, ...others] = await Promise.allSettled([TENANT, mock.tenantId, 'fabrikam.example'].map(ask));
    expect(refused).toMatchObject({ reason: refusal });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });
});

test('ENT-60: behind a domain name there is one tenant, which its first token tells', async () => {
  const source = sourceOf('contoso.example');
  const kept = await source.getToken(mock.scope);
  mock.enqueue({ token: { tid: OTHER_TENANT } });
  await expect(source.getToken(mock.scope, { forceRefresh: true })).rejects.toMatchObject({ code: 'contradictory_token' });
  expect(await source.getToken(mock.scope)).toBe(kept);
  await source.getToken(mock.scope, { forceRefresh: true });
  // Of a domain that was not asked before, whatever comes first is taken.
  mock.enqueue({ token: { tid: OTHER_TENANT } });
  await source.getToken(mock.scope, { tenant: 'fabrikam.example' });
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwtOf = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.c2ln`;

/** A server whose every token is this one. */
function giving(token: string): Promise<Loopback> {
  return startLoopback((response) => sendJson(response, { access_token: token, token_type: 'Bearer', expires_in: 3600 }));
}

test.each<readonly [string, string]>([
  ['says nothing of either', jwtOf({})],
  ['is of the tenant and the client, as azp', jwtOf({ tid: TENANT, azp: 'me' })],
  ['is of the tenant and the client, in capitals', jwtOf({ tid: TENANT.toUpperCase(), appid: 'ME' })],
  ['is no JWT', 'opaque'],
  ['is encrypted', `${part({ alg: 'dir', enc: 'A128GCM' })}..a.b.c`],
])('ENT-60: a token that %s is taken', async (_, token) => {
  expect((await entraSource(await giving(token)).source.getToken(SCOPE)).value).toBe(token);
});

test('ENT-60: a token for another client, as azp, is refused', async () => {
  const { source } = entraSource(await giving(jwtOf({ tid: TENANT, azp: 'somebody' })));
  await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'contradictory_token' });
});

test('what other servers put into their tokens is theirs', async () => {
  const token = jwtOf({ tid: 'any', appid: 'somebody', azp: 'somebody' });
  expect((await sourceFor(await giving(token)).source.getToken('a')).value).toBe(token);
});
