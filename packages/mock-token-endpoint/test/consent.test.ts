/** The page on which an administrator consents, as the browser of one sees it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GUID, type Harness, startHarness } from './harness.ts';

const TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const CLIENT = '11111111-2222-4333-8444-555555555555';
const DISABLED = '66666666-7777-4888-9999-aaaaaaaaaaaa';
const REDIRECT_URI = 'http://localhost:5000/back?from=mock';
const SCOPE = 'api://mock-graph/.default';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    seed: 'consent',
    tenants: { [TENANT]: { clients: { [CLIENT]: { secrets: ['secret'], consented: false }, [DISABLED]: { disabled: true } } } },
  });
});
afterAll(() => harness.close());
afterEach(() => harness.mock.reset());

type Parameters = Readonly<Record<string, string | undefined>>;
const REQUEST: Parameters = { client_id: CLIENT, scope: SCOPE, redirect_uri: REDIRECT_URI, state: 'a & b' };
const open = (path: string, parameters: Parameters = {}) => {
  const given = Object.entries({ ...REQUEST, ...parameters }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return harness.send(`${harness.mock.authorityHost}${path}?${new URLSearchParams(given)}`);
};
const answerOf = async (reply: ReturnType<typeof open>) => {
  const { status, headers } = await reply;
  expect(status).toBe(302);
  const url = new URL(String(headers['location']));
  expect(url.origin + url.pathname).toBe('http://localhost:5000/back');
  const { from, ...answer } = Object.fromEntries(url.searchParams);
  expect(from).toBe('mock');
  return answer;
};
const askForToken = () =>
  harness.post(
    { ...harness.secretFields(), client_id: CLIENT, client_secret: 'secret' },
    { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` },
  );

describe('consent', () => {
  test('ENT-58: a client that nobody has consented to has no service principal, and gets no token', async () => {
    const reply = await askForToken();
    expect([reply.status, reply.json.error, reply.json.error_codes]).toEqual([401, 'invalid_client', [7000229]]);
  });

  test('ENT-55: it is given at once, and the client gets its token until the mock is reset', async () => {
    expect(await answerOf(open(`/${TENANT}/v2.0/adminconsent`))).toEqual({
      admin_consent: 'True',
      tenant: TENANT,
      scope: SCOPE,
      state: 'a & b',
    });
    expect((await askForToken()).status).toBe(200);
    harness.mock.reset();
    expect((await askForToken()).json.error_codes).toEqual([7000229]);
  });

  test('ENT-55: the older page wants no scope and names none', async () => {
    expect(await answerOf(open(`/${TENANT}/adminconsent`, { scope: undefined, state: undefined }))).toEqual({
      admin_consent: 'True',
      tenant: TENANT,
    });
    expect((await askForToken()).status).toBe(200);
  });

  test("ENT-55: organizations, and common on the older page, are the mock's own tenant", async () => {
    const { clientId, tenantId } = harness.mock;
    for (const path of ['/organizations/v2.0/adminconsent', '/common/adminconsent']) {
      expect(await answerOf(open(path, { client_id: clientId }))).toMatchObject({ admin_consent: 'True', tenant: tenantId });
    }
  });

  test('a domain name is answered with its GUID', async () => {
    const answer = await answerOf(open('/fabrikam.example/v2.0/adminconsent', { client_id: harness.mock.clientId }));
    expect(answer['tenant']).toMatch(GUID);
  });

  test('an administrator who says no is a rule, and has not consented', async () => {
    const denial = `${REDIRECT_URI}&error=access_denied&admin_consent=True`;
    harness.mock.addRule({ match: { path: `/${TENANT}/v2.0/adminconsent` }, answer: { redirect: 302, to: denial } });
    expect((await open(`/${TENANT}/v2.0/adminconsent`)).headers['location']).toBe(denial);
    expect((await askForToken()).json.error_codes).toEqual([7000229]);
  });

  test('a rule that only adds to the answer leaves the consent in it', async () => {
    harness.mock.addRule({ answer: { headers: { 'x-added': '1' } } });
    expect((await open(`/${TENANT}/v2.0/adminconsent`)).headers['x-added']).toBe('1');
    expect((await askForToken()).status).toBe(200);
  });

  test('the request stands in the journal with its tenant, its client and what was checked', async () => {
    await open(`/${TENANT}/v2.0/adminconsent`);
    expect(harness.mock.journal.at(-1)).toMatchObject({ tenant: TENANT, clientId: CLIENT, status: 302 });
    expect(harness.mock.journal.at(-1)?.checks.every(({ passed }) => passed)).toBe(true);
  });
});

describe('a refusal goes back to the application', () => {
  test.each<{ title: string; path?: string; parameters?: Parameters; error: string; code: number }>([
    { title: 'no client', parameters: { client_id: undefined }, error: 'invalid_request', code: 900144 },
    { title: 'no scope', parameters: { scope: undefined }, error: 'invalid_request', code: 900144 },
    { title: 'an unknown client', parameters: { client_id: TENANT }, error: 'unauthorized_client', code: 700016 },
    { title: 'a disabled client', parameters: { client_id: DISABLED }, error: 'unauthorized_client', code: 7000112 },
    { title: 'a single permission', parameters: { scope: 'api://mock-graph/User.Read.All' }, error: 'invalid_scope', code: 1002012 },
    { title: 'an unknown resource', parameters: { scope: 'api://nowhere/.default' }, error: 'invalid_resource', code: 500011 },
    { title: 'the tenant common', path: '/common/v2.0/adminconsent', error: 'invalid_request', code: 90130 },
    { title: 'the tenant consumers', path: '/consumers/v2.0/adminconsent', error: 'invalid_request', code: 90130 },
    { title: 'a tenant that is no name', path: '/nowhere/v2.0/adminconsent', error: 'invalid_request', code: 900023 },
  ])('ENT-55: $title is AADSTS$code, with admin_consent=True all the same', async ({ path, parameters, error, code }) => {
    const answer = await answerOf(open(path ?? `/${TENANT}/v2.0/adminconsent`, parameters));
    expect(answer).toEqual({
      error,
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: .*\r\nTrace ID: `)),
      admin_consent: 'True',
      state: 'a & b',
    });
    expect((await askForToken()).status).toBe(401);
  });

  test('ENT-55: the older page does not mark it so', async () => {
    expect(await answerOf(open('/organizations/adminconsent'))).not.toHaveProperty('admin_consent');
  });

  test('a repeated parameter is refused', async () => {
    expect(await answerOf(open(`/${TENANT}/v2.0/adminconsent`, { redirect_uri: `${REDIRECT_URI}` }))).toHaveProperty('admin_consent');
    const query = `${new URLSearchParams({ redirect_uri: REDIRECT_URI })}&client_id=${CLIENT}&client_id=${DISABLED}`;
    const answer = await answerOf(harness.send(`${harness.mock.authorityHost}/${TENANT}/adminconsent?${query}`));
    expect(answer['error_description']).toMatch(/^AADSTS9002313: /);
  });
});

test.each([
  ['no URI', 'back'],
  ['another host', 'https://evil.example/back'],
  ['a host that begins like this one', 'http://127.0.0.1.evil.example/'],
  ['a host behind a user name', 'http://localhost@evil.example/'],
  ['another scheme', 'javascript://localhost/%0aalert(1)'],
  ['a fragment', 'http://localhost/#'],
  ['nothing at all', undefined],
])('a redirect URI with %s gets a page that leads nowhere', async (_, redirect_uri) => {
  const reply = await open(`/${TENANT}/v2.0/adminconsent`, { redirect_uri });
  expect([reply.status, reply.headers['location'], reply.headers['content-type']]).toEqual([400, undefined, 'text/plain; charset=utf-8']);
  expect(reply.text).toMatch(/^AADSTS50011: /);
  expect((await askForToken()).status).toBe(401);
});

test('the page is only for reading', async () => {
  const reply = await harness.send(`${harness.mock.authorityHost}/${TENANT}/v2.0/adminconsent`, { method: 'POST' });
  expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, HEAD']);
});
