import { describe, expect, test } from 'vitest';
import { FollowedLinks } from '../../src/pages/followed-links.ts';
import { callerOf, collect, rejectionOf, sendJson, startApi } from '../support.ts';

/** 250 users, a hundred a page, behind opaque links. */
function startUsers(): ReturnType<typeof startApi> {
  const users = Array.from({ length: 250 }, (_, id) => ({ id }));
  return startApi((response, _index, { path, headers }) => {
    const start = Number(/skiptoken=(\d+)/.exec(path)?.[1] ?? 0);
    const rest =
      start + 100 < users.length ? { '@odata.nextLink': `http://${headers.host}/v1.0/users?$skiptoken=${start + 100}%2Fa+b%20c` } : {};
    sendJson(response, { '@odata.context': 'users', value: users.slice(start, start + 100), ...rest });
  });
}

test('250 items over three pages come once each, in order, and progress is told page by page', async () => {
  const api = await startUsers();
  const progress: unknown[] = [];
  const items = await collect(callerOf(api).items<{ id: number }>('users', { onProgress: (step) => progress.push(step) }));
  expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 250 }, (_, id) => id));
  expect(progress).toEqual([
    { pages: 1, items: 100 },
    { pages: 2, items: 200 },
    { pages: 3, items: 250 },
  ]);
});

test('GR-02, GR-04: a next link is fetched whole and opaque; headers go with every page, query, method and body with the first alone', async () => {
  const api = await startUsers();
  const options = { query: { $count: true }, headers: { ConsistencyLevel: 'eventual', Prefer: 'return=minimal' }, maxPageSize: 50 };
  const pages = await collect(callerOf(api).pages('users', { ...options, method: 'POST', body: '{"a":1}' }));
  expect(pages.map(({ items }) => items.length)).toEqual([100, 100, 50]);
  expect(pages[0]?.body).toMatchObject({ '@odata.context': 'users' });
  expect(
    api.received.map(({ method, path, body, headers }) => [method, path, body, headers['consistencylevel'], headers['prefer']]),
  ).toEqual([
    ['POST', '/v1.0/users?$count=true', '{"a":1}', 'eventual', 'return=minimal, odata.maxpagesize=50'],
    ['GET', '/v1.0/users?$skiptoken=100%2Fa+b%20c', '', 'eventual', 'return=minimal, odata.maxpagesize=50'],
    ['GET', '/v1.0/users?$skiptoken=200%2Fa+b%20c', '', 'eventual', 'return=minimal, odata.maxpagesize=50'],
  ]);
});

test('maxPageSize alone is the whole Prefer field, and must be a positive number', async () => {
  const api = await startApi((response) => sendJson(response, { value: [] }));
  await collect(callerOf(api).pages('users', { maxPageSize: 7 }));
  expect(api.received[0]?.headers['prefer']).toBe('odata.maxpagesize=7');
  expect(await rejectionOf(collect(callerOf(api).pages('users', { maxPageSize: 0 })))).toMatchObject({ code: 'invalid_configuration' });
});

test('empty pages are walked over, and a null or relative next link is understood', async () => {
  const api = await startApi((response, index) =>
    sendJson(
      response,
      [
        { value: [1], '@odata.nextLink': 'users?page=2' },
        { value: [], '@odata.nextLink': '/v1.0/users?page=3' },
        { value: [2], '@odata.nextLink': null },
      ][index],
    ),
  );
  expect(await collect(callerOf(api).items('users'))).toEqual([1, 2]);
  expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/users', '/v1.0/users?page=2', '/v1.0/users?page=3']);
});

test('nothing is fetched before it is asked for, and leaving early leaves no request and no connection behind', async () => {
  const api = await startUsers();
  const caller = callerOf(api);
  const pages = caller.pages('users');
  expect(api.received).toEqual([]);
  for await (const page of pages) {
    expect(page.items).toHaveLength(100);
    break;
  }
  for await (const item of caller.items<{ id: number }>('users')) if (item.id === 150) break;
  expect(api.received.map(({ path }) => path.includes('skiptoken'))).toEqual([false, false, true]);
  await caller.close();
  await expect.poll(() => api.connections()).toBe(0);
});

describe('a next link that leads', () => {
  const startWith = (nextLink: unknown): ReturnType<typeof startApi> =>
    startApi((response) => sendJson(response, { value: [1], '@odata.nextLink': nextLink }));

  test('to another origin gets no token and no request; the page before it was handed out', async () => {
    const foreign = await startApi((response) => sendJson(response, { value: [] }));
    const api = await startWith(`${foreign.origin}/users`);
    const items: unknown[] = [];
    const walk = async (): Promise<void> => {
      for await (const item of callerOf(api, { headers: { 'x-api-key': 'SECRET' } }).items('users')) items.push(item);
    };
    expect(await rejectionOf(walk())).toMatchObject({ code: 'egress_refused', message: expect.stringContaining(foreign.origin) });
    expect([items, api.received.length, foreign.received]).toEqual([[1], 1, []]);
  });

  test.each(['//evil.test/users', 'https://127.0.0.1/users', 'users\\x', '../../admin', ' users', 'http://u:p@127.0.0.1/'])(
    '%j is refused',
    async (link) => {
      const api = await startWith(link);
      expect(await rejectionOf(collect(callerOf(api).items('users')))).toMatchObject({ code: 'egress_refused' });
      expect(api.received).toHaveLength(1);
    },
  );

  test('to another declared origin is followed', async () => {
    const second = await startApi((response) => sendJson(response, { value: [2] }));
    const api = await startWith(`${second.origin}/users`);
    expect(await collect(callerOf(api, { origins: [api.origin, second.origin] }).items('users'))).toEqual([1, 2]);
    expect(second.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1']);
  });

  test('to itself, or in a circle, ends before a page is fetched twice', async () => {
    const itself = await startWith('');
    expect(await rejectionOf(collect(callerOf(itself).pages('users')))).toMatchObject({ code: 'page_loop', transient: false });
    expect(itself.received).toHaveLength(1);
    const circle = await startApi((response, index) =>
      sendJson(response, { value: [], '@odata.nextLink': `users?page=${(index + 1) % 3}&sig=SECRET` }),
    );
    expect(await rejectionOf(collect(callerOf(circle).pages('users?page=0&sig=SECRET')))).toMatchObject({
      code: 'page_loop',
      message: `The API names ${circle.origin}/v1.0/users as next page a second time; stopped before fetching it again`,
    });
    expect(circle.received).toHaveLength(3);
  });

  test.each([[5], [{}], [true], [['users']]])('nowhere (%j) is an error', async (link) => {
    const api = await startWith(link);
    expect(await rejectionOf(collect(callerOf(api).items('users')))).toMatchObject({
      code: 'response_error',
      message: `GET ${api.origin}/v1.0/users answered with an "@odata.nextLink" that is no string`,
    });
  });
});

test.each([[{}], [{ value: {} }], [[]], ['text'], [null]])('%j is no page', async (body) => {
  const api = await startApi((response) => sendJson(response, body));
  expect(await rejectionOf(collect(callerOf(api).items('users')))).toMatchObject({
    code: 'response_error',
    message: `GET ${api.origin}/v1.0/users answered without an array "value", so it is no collection; use getJson`,
  });
});

test('a token that expires and a page that is throttled in the middle lose no item', async () => {
  const api = await startApi((response, index, { headers, path }) => {
    if (index === 1) return sendJson(response, {}, 429, { 'retry-after': '1' });
    if (path.includes('page=2') && headers.authorization === 'Bearer old') return sendJson(response, {}, 401);
    return sendJson(response, path.includes('page=2') ? { value: [2] } : { value: [1], '@odata.nextLink': 'users?page=2' });
  });
  const caller = callerOf(api, { tokens: async (_scope, { rejectedToken }) => (rejectedToken === undefined ? 'old' : 'new') });
  expect(await collect(caller.items('users'))).toEqual([1, 2]);
  expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer old', 'Bearer old', 'Bearer new']);
});

test('the links followed are remembered up to a bound', () => {
  const links = new FollowedLinks();
  const link = (page: number): URL => new URL(`https://api.example/users?page=${page}`);
  for (let page = 0; page <= 10_000; page += 1) links.follow(link(page));
  expect(() => links.follow(link(1))).toThrow(/a second time/);
  expect(() => links.follow(link(10_000))).toThrow(/a second time/);
  expect(() => links.follow(link(0))).not.toThrow();
});
