/** Collections that are no OData: pages in Link headers, by cursors, and in lists of other names. */
import { describe, expect, test } from 'vitest';
import { callerOf, collect, rejectionOf, sendJson, startApi } from '../support.ts';

test('Link headers are followed, and the items are the body', async () => {
  const api = await startApi((response, index) =>
    sendJson(response, [index * 2, index * 2 + 1], 200, index < 2 ? { link: `</v1.0/things?page=${index + 2}>; rel="next"` } : {}),
  );
  expect(await collect(callerOf(api).items('things', { style: 'link' }))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/things', '/v1.0/things?page=2', '/v1.0/things?page=3']);
});

test('a cursor is whatever a function makes of the page and its head', async () => {
  const api = await startApi((response, index) => sendJson(response, { data: [index] }, 200, index < 2 ? { 'x-cursor': `c${index}` } : {}));
  const style = (_page: unknown, { headers }: { headers: Readonly<Record<string, string>> }): string | undefined =>
    headers['x-cursor'] === undefined ? undefined : `things?cursor=${headers['x-cursor']}`;
  expect(await collect(callerOf(api).items('things', { style }))).toEqual([0, 1, 2]);
  expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/things', '/v1.0/things?cursor=c0', '/v1.0/things?cursor=c1']);
});

test.for(['value', 'items', 'data', 'results'])('the items may be the list "%s"', async (name) => {
  const api = await startApi((response) => sendJson(response, { total: 1, [name]: ['x'] }));
  expect(await collect(callerOf(api).items('things', { style: 'link' }))).toEqual(['x']);
});

test('a body without a list is an error', async () => {
  const api = await startApi((response) => sendJson(response, { things: { value: [] } }));
  expect(await rejectionOf(collect(callerOf(api).items('things', { style: 'link' })))).toMatchObject({ code: 'response_error' });
});

describe('the next page at an origin that was not declared gets nothing, named', () => {
  test.for(['link', 'cursor'] as const)('by a %s', async (kind) => {
    const other = await startApi((response) => sendJson(response, []));
    const api = await startApi((response) => sendJson(response, ['x'], 200, { link: `<${other.origin}/things>; rel=next` }));
    const style = kind === 'link' ? 'link' : () => `${other.origin}/things`;
    expect(await rejectionOf(collect(callerOf(api).items('things', { style })))).toMatchObject({ code: 'egress_refused' });
    expect(other.received).toEqual([]);
  });
});
