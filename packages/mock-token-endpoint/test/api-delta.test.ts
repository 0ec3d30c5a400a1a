/** Delta queries: rounds of pages, what has changed between two of them, and a token that is too old. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const DAY_MS = 24 * 3_600_000;

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'delta' });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const call = async (path: string, options: { method?: string; headers?: Record<string, string>; body?: object } = {}) =>
  harness.callApi(path, { token, ...options });
const pathOf = (link: string) => link.slice(harness.mock.apiBaseUrl.length);
const change = (name: string, members: object) =>
  call(`users/${name}@contoso.example`, { method: 'PATCH', body: members }).then(({ status }) => status);
const remove = (name: string) => call(`users/${name}@contoso.example`, { method: 'DELETE' }).then(({ status }) => status);
/** What a round brings from `path` on, how large its pages are, and where the next round begins. */
const round = async (path: string, { size, between }: { size?: number; between?: () => Promise<unknown> } = {}) => {
  const value = [];
  const sizes = [];
  for (let next = path; ; ) {
    const { status, json } = await call(next, size === undefined ? {} : { headers: { prefer: `odata.maxpagesize=${size}` } });
    expect(status).toBe(200);
    value.push(...json.value);
    sizes.push(json.value.length);
    expect(Object.keys(json).filter((name) => name.endsWith('Link'))).toHaveLength(1);
    if (json['@odata.deltaLink']) return { value, sizes, deltaLink: pathOf(json['@odata.deltaLink']) };
    await between?.();
    next = pathOf(json['@odata.nextLink']);
  }
};

test('the first round brings every user once, and the next one, without changes, nobody', async () => {
  const first = await round('users/delta');
  expect(first.sizes).toEqual([100, 100, 50]);
  expect(new Set(first.value.map(({ id }) => id)).size).toBe(250);
  expect(first.value[0]).toEqual((await call('users?$top=1')).json.value[0]);
  const second = await round(first.deltaLink);
  expect(second.value).toEqual([]);
  expect((await round(second.deltaLink)).value).toEqual([]);
});

test('a round brings each user that has changed since as it is now, and of one that is gone that it was removed', async () => {
  const { deltaLink, value } = await round('users/delta?$select=displayName,jobTitle');
  expect(await change('ada.abadi', { jobTitle: 'Pilot' })).toBe(204);
  expect(await change('boris.abadi', { jobTitle: 'Cook' })).toBe(204);
  expect(await change('ada.abadi', { jobTitle: 'Captain' })).toBe(204);
  expect(await remove('elif.abadi')).toBe(204);
  expect(value[0]).toEqual({ displayName: 'Ada Abadi', jobTitle: 'Analyst' });
  const ids = (await call('users?$top=2&$select=id')).json.value.map(({ id }: { id: string }) => id);
  const second = await round(deltaLink);
  expect(second.value).toEqual([
    { id: ids[1], displayName: 'Boris Abadi', jobTitle: 'Cook' },
    { id: ids[0], displayName: 'Ada Abadi', jobTitle: 'Captain' },
    { id: expect.any(String), '@removed': { reason: 'changed' } },
  ]);
  expect((await round(second.deltaLink)).value).toEqual([]);
  expect((await round(deltaLink)).value).toHaveLength(3);
});

test('what changes during a round is in that round or in the next one', async () => {
  const first = await round('users/delta', { between: () => remove('ada.abadi') });
  expect(first.value).toHaveLength(250);
  expect((await round(first.deltaLink)).value).toMatchObject([{ '@removed': {} }]);

  for (const name of ['boris.abadi', 'chiara.abadi', 'dmitri.abadi']) await change(name, { jobTitle: 'Diver' });
  const second = await round(first.deltaLink, { size: 2, between: () => change('boris.abadi', { jobTitle: 'Judge' }) });
  expect(second.value.map(({ jobTitle }) => jobTitle)).toEqual([undefined, 'Diver', 'Diver', 'Diver', 'Judge']);
});

test('GR-04: Prefer: odata.maxpagesize is honoured and said so, among other preferences, in every page', async () => {
  const first = await round('users/delta', { size: 120 });
  expect(first.sizes).toEqual([120, 120, 10]);
  const preferred = async (prefer: string) => {
    const { json, headers } = await call('users/delta', { headers: { prefer } });
    return [json.value.length, headers['preference-applied']];
  };
  expect(await preferred('return=minimal, odata.maxpagesize=7; foo')).toEqual([7, 'odata.maxpagesize=7']);
  expect(await preferred('MaxPageSize="3"')).toEqual([3, 'odata.maxpagesize=3']);
  for (const prefer of ['odata.maxpagesize=0', 'odata.maxpagesize=1000', 'odata.maxpagesize=x', 'odata.maxpagesize=5x', 'xmaxpagesize=5']) {
    expect(await preferred(prefer)).toEqual([100, undefined]);
  }
});

describe('410 Gone, with the way to begin again,', () => {
  const expectGone = async (path: string) => {
    const { status, json, headers } = await call(path);
    expect([status, json.error.code]).toEqual([410, 'resyncRequired']);
    expect(headers['location']).toBe(`${harness.mock.apiBaseUrl}users/delta?$select=mail&$deltatoken=`);
    return pathOf(String(headers['location']));
  };

  test('is the answer to a token of seven days ago, and not a moment before', async () => {
    const { deltaLink } = await round('users/delta?$select=mail');
    harness.mock.advanceClock(7 * DAY_MS - 1);
    const later = await harness.accessToken();
    expect((await harness.callApi(deltaLink, { token: later })).status).toBe(200);
    harness.mock.advanceClock(1);
    const gone = await harness.callApi(deltaLink, { token: later });
    expect(gone.status).toBe(410);
    const again = await harness.callApi(pathOf(String(gone.headers['location'])), { token: later });
    expect([again.status, again.json.value.length]).toEqual([200, 100]);
  });

  test('is the answer to a link of before a reset, and to one that nobody gave out', async () => {
    await change('ada.abadi', { jobTitle: 'Pilot' });
    const { deltaLink } = await round('users/delta?$select=mail');
    harness.mock.reset();
    const location = await expectGone(deltaLink);
    expect((await round(location)).value).toHaveLength(250);
    for (const forged of ['abc', Buffer.from('1:2').toString('base64url'), Buffer.from('::').toString('base64url')]) {
      await expectGone(`users/delta?$select=mail&$skiptoken=${forged}`);
    }
  });
});

describe('a change', () => {
  test('is seen in lists and by name, and is of one tenant', async () => {
    const url = `${harness.mock.authorityHost}/other.example/oauth2/v2.0/token`;
    const other = (await harness.post(harness.secretFields(), { url })).json.access_token;
    await change('ada.abadi', { displayName: 'Ada Z.' });
    await remove('boris.abadi');
    const names = async (as: string) =>
      (await harness.callApi('users?$top=2&$select=displayName', { token: as })).json.value.map(
        ({ displayName }: { displayName: string }) => displayName,
      );
    expect(await names(token)).toEqual(['Ada Z.']);
    expect(await names(other)).toEqual(['Ada Abadi', 'Boris Abadi']);
    expect((await call('users/boris.abadi@contoso.example')).status).toBe(404);
    expect(await remove('boris.abadi')).toBe(404);
    harness.mock.reset('other.example');
    expect(await names(token)).toEqual(['Ada Z.']);
    harness.mock.reset(harness.mock.tenantId);
    expect(await names(token)).toEqual(['Ada Abadi', 'Boris Abadi']);
  });

  test.each([{ id: 'x' }, { jobTitle: 1 }, { jobTitle: null }, { jobTitle: 'x'.repeat(257) }, { shoeSize: '44' }])(
    'to %j is a bad request',
    async (members) => {
      expect(await change('ada.abadi', members)).toBe(400);
      expect((await call('users?$top=1')).json.value[0].jobTitle).toBe('Analyst');
    },
  );
});
