/** Tests that share one mock have a tenant each, by GUID or by domain name: nothing of one reaches the other, and one is reset alone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const CLIENT = '11111111-2222-4333-8444-555555555555';
const OTHER = 'other.example';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    tenants: { 'one.example': { clients: { [CLIENT]: { secrets: ['s'], roles: ['User.Read.All'], consented: false } } } },
  });
});
afterAll(() => harness.close());
afterEach(() => harness.mock.reset());

const endpoint = (tenant: string) => `${harness.mock.authorityHost}/${tenant}/oauth2/v2.0/token`;
const ask = (tenant: string) => harness.post(harness.secretFields(), { url: endpoint(tenant) });
const guidOf = async (domain: string): Promise<string> => {
  const { json } = await harness.send(`${harness.mock.authorityHost}/${domain}/v2.0/.well-known/openid-configuration`);
  return json.issuer.split('/')[3];
};

test('a rule by domain name matches API calls with that tenant’s token, and the tenant’s GUID in a path', async () => {
  const token = (await ask(OTHER)).json.access_token;
  const guid = await guidOf(OTHER);
  harness.mock.addRule({ match: { tenant: OTHER.toUpperCase() }, answer: { status: 503 } });
  expect((await harness.callApi('organization', { token })).status).toBe(503);
  expect((await ask(guid)).status).toBe(503);
  expect((await ask('third.example')).status).toBe(200);
});

test('a rule by GUID matches the domain name, and a queued answer does too', async () => {
  const guid = await guidOf(OTHER);
  harness.mock.enqueue({ status: 500 }, { tenant: guid });
  harness.mock.addRule({ match: { tenant: guid }, times: 1, answer: { status: 501 } });
  expect([(await ask(OTHER)).status, (await ask(OTHER)).status, (await ask(OTHER)).status]).toEqual([500, 501, 200]);
});

test('a reset of one tenant takes its entries, rules and queue, by whatever name it was asked for, and no others', async () => {
  const token = (await ask(OTHER)).json.access_token;
  await harness.callApi('organization', { token });
  await ask('third.example');
  harness.mock.addRule({ match: { tenant: await guidOf(OTHER) }, answer: { status: 503 } });
  harness.mock.reset(OTHER);
  expect(harness.mock.journal.map(({ tenant }) => tenant)).toEqual(['third.example']);
  expect((await ask(OTHER)).status).toBe(200);
});

test('a jti is used up in its own tenant only, until that is reset', async () => {
  const present = async (tenant: string) => {
    const assertion = await harness.assertion({ claims: { jti: 'the same', aud: endpoint(tenant) } });
    return (await harness.post(harness.assertionFields(assertion), { url: endpoint(tenant) })).status;
  };
  expect([await present(OTHER), await present('third.example'), await present(OTHER)]).toEqual([200, 200, 400]);
  harness.mock.reset(OTHER);
  expect([await present(OTHER), await present('third.example')]).toEqual([200, 400]);
});

test('consent to one tenant’s client ends with the reset of that tenant', async () => {
  const status = async () =>
    (await harness.post({ ...harness.secretFields(), client_id: CLIENT, client_secret: 's' }, { url: endpoint('one.example') })).status;
  const query = new URLSearchParams({ client_id: CLIENT, scope: harness.mock.scope, redirect_uri: 'http://127.0.0.1/done', state: 'x' });
  const consent = () => harness.send(`${harness.mock.authorityHost}/one.example/v2.0/adminconsent?${query}`);
  expect(await status()).toBe(401);
  expect((await consent()).status).toBe(302);
  expect(await status()).toBe(200);
  harness.mock.reset(OTHER);
  expect(await status()).toBe(200);
  harness.mock.reset('one.example');
  expect(await status()).toBe(401);
});

test('a tenant to reset that is no text is refused', () => {
  expect(() => harness.mock.reset({ tenant: OTHER } as unknown as string)).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('tenant is') }),
  );
});
