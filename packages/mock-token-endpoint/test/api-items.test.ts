/** Collections of any size, in the three ways of turning pages: every item once, in order, and then the end. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'items' });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

type Reply = Awaited<ReturnType<Harness['callApi']>>;
interface Style {
  readonly first: string;
  items(reply: Reply): { number: number; id: string }[];
  next(reply: Reply, path: string): string | undefined;
}

const relative = (url: string | undefined) => url?.slice(harness.mock.apiBaseUrl.length);
const STYLES: Readonly<Record<string, Style>> = {
  '@odata.nextLink': {
    first: 'items?count=2500&$top=1000',
    items: ({ json }) => json.value,
    next: ({ json }) => relative(json['@odata.nextLink']),
  },
  'the Link header': {
    first: 'linked-items?count=2500&per_page=1000',
    items: ({ json }) => json,
    next: ({ headers }) => relative(/<([^>]+)>; rel="next"/.exec(String(headers['link']))?.[1]),
  },
  'a cursor': {
    first: 'cursor-items?count=2500&limit=1000',
    items: ({ json }) => json.data,
    next: ({ json }, path) => (json.next_cursor === null ? undefined : `${path.split('&cursor')[0]}&cursor=${json.next_cursor}`),
  },
};

describe.each(Object.entries(STYLES))('by %s', (_name, style) => {
  const pagesFrom = async (first: string) => {
    const pages = [];
    for (let path: string | undefined = first; path !== undefined; ) {
      const reply: Reply = await harness.callApi(path, { token });
      expect(reply.status).toBe(200);
      pages.push(style.items(reply));
      path = style.next(reply, path);
    }
    return pages;
  };

  test('every item comes once and in order', async () => {
    const pages = await pagesFrom(style.first);
    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(pages.flat().map(({ number }) => number)).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
    expect(pages[2]?.at(-1)).toEqual({ id: 'item-2500', number: 2500 });
  });

  test('a full last page has nothing after it, and nothing is a page too', async () => {
    expect(await pagesFrom(style.first.replace('2500', '1000'))).toHaveLength(1);
    expect(await pagesFrom(style.first.replace('2500', '0'))).toEqual([[]]);
  });

  test('without parameters there are 1,000 items in pages of 100', async () => {
    const pages = await pagesFrom(style.first.replace(/\?.*/, '?count=1000'));
    expect(pages.map(({ length }) => length)).toEqual(Array(10).fill(100));
    expect(style.items(await harness.callApi(style.first.replace(/\?.*/, ''), { token }))).toEqual(pages[0]);
  });

  test.each(['count=-1', 'count=10000001', 'count=1e3', 'count='])('%s is a bad request', async (query) => {
    const reply = await harness.callApi(style.first.replace(/\?.*/, `?${query}`), { token });
    expect([reply.status, reply.json.error.code]).toEqual([400, 'Request_BadRequest']);
  });

  test('a page of 10,000 is the largest, and the last of ten million costs no more than the first', async () => {
    const size = style.first.replace(/=1000$/, '=10000').replace('2500', '10000000');
    expect(style.items(await harness.callApi(size, { token }))).toHaveLength(10_000);
    expect((await harness.callApi(style.first.replace(/=1000$/, '=10001'), { token })).status).toBe(400);
    const last = { '@odata.nextLink': '$skiptoken=', 'the Link header': 'page=', 'a cursor': 'cursor=' }[_name];
    const position = {
      '@odata.nextLink': Buffer.from('after:9999999').toString('base64url'),
      'the Link header': '10000',
      'a cursor': '9999999',
    };
    const path = `${style.first.replace('2500', '10000000')}&${last}${position[_name as keyof typeof position]}`;
    expect(style.items(await harness.callApi(path, { token })).at(-1)?.number).toBe(10_000_000);
  });
});

test('RFC 8288: a page in the middle names both neighbours in one Link field, the first and the last one each', async () => {
  const linkOf = async (page: number) =>
    (await harness.callApi(`linked-items?count=30&per_page=10&page=${page}`, { token })).headers['link'];
  const link = (page: number, relation: string) =>
    `<${harness.mock.apiBaseUrl}linked-items?count=30&per_page=10&page=${page}>; rel="${relation}"`;
  expect(await linkOf(2)).toBe(`${link(3, 'next')}, ${link(1, 'prev')}`);
  expect([await linkOf(1), await linkOf(3)]).toEqual([link(2, 'next'), link(2, 'prev')]);
  expect((await harness.callApi('linked-items?count=1', { token })).headers).not.toHaveProperty('link');
});

test('GR-04: Prefer: odata.maxpagesize is honoured and said so, unless $top says otherwise', async () => {
  const headers = { prefer: 'odata.maxpagesize=7' };
  const preferred = await harness.callApi('items', { token, headers });
  expect([preferred.json.value.length, preferred.headers['preference-applied']]).toEqual([7, 'odata.maxpagesize=7']);
  const top = await harness.callApi('items?$top=3', { token, headers });
  expect([top.json.value.length, top.headers['preference-applied']]).toEqual([3, undefined]);
});

test.each(['items?$filter=x', 'items?$skiptoken=1', 'linked-items?page=0', 'cursor-items?cursor=x', 'cursor-items?limit=0'])(
  '%s is a bad request',
  async (path) => {
    expect((await harness.callApi(path, { token })).status).toBe(400);
  },
);
