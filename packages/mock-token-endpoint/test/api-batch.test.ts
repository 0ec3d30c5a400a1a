/** `$batch`: what it refuses as a whole, and that each item is answered as if it had come by itself. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const TENANT = 'contoso.example';
const WEAK = '11111111-2222-4333-8444-555555555555';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'batch', tenants: { [TENANT]: { clients: { [WEAK]: { secrets: ['s'] } } } } });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

interface Item {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at member by member
  readonly body: any;
}

const send = (requests: unknown) => harness.callApi('$batch', { token, method: 'POST', body: { requests } as object });
/** The answers to a batch that is taken, as they came. */
const answersTo = async (requests: readonly object[]): Promise<readonly Item[]> => {
  const { status, json } = await send(requests);
  expect(status).toBe(200);
  return json.responses;
};
const get = (id: string, url = '/organization', more: object = {}) => ({ id, method: 'GET', url, ...more });
const statuses = (answers: readonly Item[]) => Object.fromEntries(answers.map(({ id, status }) => [id, status]));

test('GR-03: each item has a status, headers and a body of its own, in another order than it was asked', async () => {
  const answers = await answersTo([get('1'), get('2', 'users?$top=1&$select=mail'), get('Three', '/users/nobody')]);
  expect(answers.map(({ id }) => id)).toEqual(['Three', '2', '1']);
  expect(statuses(answers)).toEqual({ 1: 200, 2: 200, Three: 404 });
  expect(answers[0]?.body.error.code).toBe('Request_ResourceNotFound');
  expect(answers[1]?.body.value).toEqual([{ mail: 'ada.abadi@contoso.example' }]);
  expect(answers[1]?.headers).toMatchObject({ 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });
  expect(answers[2]?.body.value).toEqual([{ id: harness.mock.tenantId, displayName: 'Contoso' }]);
});

test('GR-03: an item is throttled by a rule for its own path, with a Retry-After of its own', async () => {
  harness.mock.addRule({ match: { path: '/graph/v1.0/organization' }, times: 1, answer: { status: 429, headers: { 'Retry-After': '7' } } });
  const requests = [get('a', '/users?$top=1'), get('b'), get('c')];
  const answers = await answersTo(requests);
  expect(statuses(answers)).toEqual({ a: 200, b: 429, c: 200 });
  expect(answers.find(({ id }) => id === 'b')).toEqual({ id: 'b', status: 429, headers: { 'Retry-After': '7' } });
  expect(statuses(await answersTo(requests))).toEqual({ a: 200, b: 200, c: 200 });
});

test('faults of an item stay its own: no answer is a 504, and a text is in base64', async () => {
  const { mock } = harness;
  mock.addRule({ match: { path: '/graph/v1.0/organization' }, times: 1, answer: { fault: 'reset-before-headers' } });
  mock.addRule({ match: { path: '/graph/v1.0/organization' }, times: 1, answer: { fault: 'html-502' } });
  mock.addRule({ match: { path: '/graph/v1.0/organization' }, times: 1, answer: { fault: 'empty-403' } });
  const answers = await answersTo([get('1'), get('2'), get('3'), get('4')]);
  expect(statuses(answers)).toEqual({ 1: 504, 2: 502, 3: 403, 4: 200 });
  expect(Buffer.from(answers.find(({ id }) => id === '2')?.body, 'base64').toString()).toMatch(/^<html>/);
  expect(answers.find(({ id }) => id === '3')).toEqual({ id: '3', status: 403, headers: {} });
});

describe('dependencies', () => {
  test('GR-03: what depends on a failure is 424 and not tried, however far it is from it', async () => {
    const answers = await answersTo([
      get('1', '/users/nobody'),
      get('2', '/organization', { dependsOn: ['1'] }),
      get('3', '/organization', { dependsOn: ['2'] }),
      get('4', '/organization', { dependsOn: [] }),
      get('5', '/organization', { dependsOn: ['4'] }),
    ]);
    expect(statuses(answers)).toEqual({ 1: 404, 2: 424, 3: 424, 4: 200, 5: 200 });
    expect(answers.find(({ id }) => id === '3')?.body.error.code).toBe('FailedDependency');
    expect(harness.mock.journal.filter(({ path }) => path === '/graph/v1.0/organization')).toHaveLength(2);
  });

  test('an item sees what one before it has done, and ids mean the same in any case', async () => {
    const url = '/users/ada.abadi@contoso.example';
    const change = { method: 'PATCH', url, headers: { 'Content-Type': 'application/json' }, body: { jobTitle: 'Pilot' } };
    const answers = await answersTo([{ id: 'Change', ...change }, get('read', `${url}?$select=jobTitle`, { dependsOn: ['CHANGE'] })]);
    expect(statuses(answers)).toEqual({ Change: 204, read: 200 });
    expect(answers.find(({ id }) => id === 'read')?.body.jobTitle).toBe('Pilot');
    expect(answers.find(({ id }) => id === 'Change')).not.toHaveProperty('body');
  });
});

test('the journal has each item before the batch, under the client of the token and without a new look at it', async () => {
  await answersTo([get('1'), get('2', '/users/nobody')]);
  const { clientId, tenantId, journal } = harness.mock;
  const entries = journal.slice(-3);
  expect(entries.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/graph/v1.0/organization', 200],
    ['GET', '/graph/v1.0/users/nobody', 404],
    ['POST', '/graph/v1.0/$batch', 200],
  ]);
  for (const entry of entries) expect(entry).toMatchObject({ clientId, tenant: tenantId });
  expect(entries[0]?.checks.map(({ name }) => name)).not.toContain('the signature verifies');
  expect(JSON.stringify(entries)).not.toContain(token);
});

test('twenty items are taken', async () => {
  expect(await answersTo(Array.from({ length: 20 }, (_, index) => get(`${index}`)))).toHaveLength(20);
});

test('each item may what the token of the batch may, and without a token there is no batch', async () => {
  const fields = { ...harness.secretFields(), client_id: WEAK, client_secret: 's' };
  const { json } = await harness.post(fields, { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` });
  const body = { requests: [get('1'), get('2', '/users', { headers: { Authorization: `Bearer ${token}` } })] };
  const reply = await harness.callApi('$batch', { token: json.access_token, method: 'POST', body });
  expect(statuses(reply.json.responses)).toEqual({ 1: 200, 2: 403 });
  expect((await harness.callApi('$batch', { method: 'POST', body })).status).toBe(401);
});

describe('GR-03: the whole batch is 400 with', () => {
  test.each<{ title: string; requests: unknown; says: RegExp }>([
    { title: '21 items', requests: Array.from({ length: 21 }, (_, index) => get(`${index}`)), says: /1 to 20/ },
    { title: 'no item', requests: [], says: /1 to 20/ },
    { title: 'no list', requests: { 1: get('1') }, says: /1 to 20/ },
    { title: 'an item that is none', requests: [null], says: /id, method and url/ },
    { title: 'an item without an id', requests: [{ method: 'GET', url: '/users' }], says: /id, method and url/ },
    { title: 'an id that is a number', requests: [{ id: 1, method: 'GET', url: '/users' }], says: /id, method and url/ },
    { title: 'headers that are no strings', requests: [get('1', '/users', { headers: { a: 1 } })], says: /headers are strings/ },
    { title: 'dependsOn that is no list', requests: [get('1'), get('2', '/users', { dependsOn: '1' })], says: /dependsOn is a list/ },
    { title: 'two ids that differ in case alone', requests: [get('a'), get('A')], says: /in any case/ },
    { title: 'an unknown dependency', requests: [get('1', '/users', { dependsOn: ['9'] })], says: /'1' depends on one/ },
    { title: 'a dependency on itself', requests: [get('1', '/users', { dependsOn: ['1'] })], says: /'1' depends on one/ },
    { title: 'a later dependency', requests: [get('1', '/users', { dependsOn: ['2'] }), get('2')], says: /'1' depends on one/ },
    { title: 'a body without a type', requests: [{ ...get('1'), body: {} }], says: /Content-Type/ },
    ...[
      'https://graph.microsoft.com/v1.0/users',
      'HTTPS:users',
      'data:text/plain,1',
      '//evil.example/users',
      '/\\evil.example/users',
      '\\\\evil.example',
      '/$batch',
      '$BATCH?a=b',
    ].map((url) => ({ title: `the url ${url}`, requests: [get('1'), get('2', url)], says: /url of request '2'/ })),
  ])('$title, and none of it is tried', async ({ requests, says }) => {
    const { status, json } = await send(requests);
    expect([status, json.error.code]).toEqual([400, 'Request_BadRequest']);
    expect(json.error.message).toMatch(says);
    expect(harness.mock.journal).toHaveLength(1);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded', '{"requests":[]}'],
    ['what is no JSON', 'application/json', '{'],
    ['JSON that is no object', 'application/json', '[]'],
  ])('%s for a body', async (_title, type, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const reply = await harness.send(`${harness.mock.apiBaseUrl}$batch`, { method: 'POST', headers, body });
    expect([reply.status, reply.json.error.message]).toEqual([400, expect.stringMatching(/^Unable to read JSON/)]);
  });
});
