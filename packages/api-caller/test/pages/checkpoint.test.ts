/** Going on after a crash, reading ahead, and asking later for what has changed. */
import { describe, expect, test } from 'vitest';
import { callerOf, collect, rejectionOf, sendJson, startApi } from '../support.ts';

/** Five pages of two; a delta link behind the last. */
const startUsers = () =>
  startApi((response, _index, { path, headers }) => {
    const page = Number(/page=(\d)/.exec(path)?.[1] ?? 1);
    const link =
      page < 5
        ? { '@odata.nextLink': `users?page=${page + 1}` }
        : { '@odata.deltaLink': `http://${headers.host}/v1.0/users/delta?token=9` };
    sendJson(response, { value: [page * 10, page * 10 + 1], ...link });
  });

test('a checkpoint kept after each page goes on behind it: no item is lost, and none comes twice', async () => {
  const api = await startUsers();
  const seen: unknown[] = [];
  let kept: string | undefined;
  for await (const { items, checkpoint } of callerOf(api).pages('users', { query: { $top: 2 } })) {
    // The program dies in the middle of the third page.
    if (seen.length === 4) break;
    seen.push(...items);
    kept = checkpoint;
  }
  seen.push(...(await collect(callerOf(api).items('users', { query: { $top: 2 }, from: kept }))));
  expect(seen).toEqual([10, 11, 20, 21, 30, 31, 40, 41, 50, 51]);
  expect(api.received.slice(3).map(({ path }) => path)).toEqual(['/v1.0/users?page=3', '/v1.0/users?page=4', '/v1.0/users?page=5']);
});

test('the last page has no checkpoint, and the delta link to ask with later', async () => {
  const api = await startUsers();
  const pages = await collect(callerOf(api).pages('users'));
  expect(pages.map(({ checkpoint }) => checkpoint)).toEqual([
    ...[2, 3, 4, 5].map((page) => `${api.origin}/v1.0/users?page=${page}`),
    undefined,
  ]);
  expect(pages.map(({ deltaLink }) => deltaLink)).toEqual([...Array(4).fill(undefined), `${api.origin}/v1.0/users/delta?token=9`]);
  await collect(callerOf(api).pages(pages.at(-1)?.deltaLink ?? ''));
  expect(api.received[5]?.path).toBe('/v1.0/users/delta?token=9');
});

test('a checkpoint is checked like any URL', async () => {
  const other = await startUsers();
  const api = await startUsers();
  expect(await rejectionOf(collect(callerOf(api).items('users', { from: `${other.origin}/users` })))).toMatchObject({
    code: 'egress_refused',
  });
  expect(other.received).toEqual([]);
});

test('a delta link that has become too old says to begin again', async () => {
  const api = await startApi((response) => sendJson(response, { error: { code: 'resyncRequired', message: 'old' } }, 410));
  expect(await rejectionOf(collect(callerOf(api).items('users/delta?token=1')))).toMatchObject({
    name: 'ApiCallerError',
    code: 'resync_required',
    message: expect.stringMatching(/answered 410 \(resyncRequired\).*from its beginning/),
  });
});

describe('reading ahead', () => {
  test('has the next page on its way while this one is worked on, and no more than that', async () => {
    const api = await startUsers();
    const counts: number[] = [];
    for await (const { items } of callerOf(api).pages('users', { prefetch: true })) {
      await expect.poll(() => api.received.length).toBe(Math.min(Number(items[0]) / 10 + 1, 5));
      await new Promise((resolve) => setImmediate(resolve));
      counts.push(api.received.length);
    }
    expect(counts).toEqual([2, 3, 4, 5, 5]);
  });

  test('without it the next page is asked for when this one is done with', async () => {
    const api = await startUsers();
    const counts: number[] = [];
    for await (const _page of callerOf(api).pages('users')) counts.push(api.received.length);
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });

  test('ends with the reader, who hears nothing of a page that was not wanted', async () => {
    let isClosed = false;
    const api = await startApi((response, index) => {
      if (index === 0) sendJson(response, { value: [1], '@odata.nextLink': 'users?page=2' });
      else
        response.on('close', () => {
          isClosed = true;
        });
    });
    for await (const _page of callerOf(api).pages('users', { prefetch: true })) {
      await expect.poll(() => api.received.length).toBe(2);
      break;
    }
    await expect.poll(() => isClosed).toBe(true);
  });

  test('hands the page out before the failure of the next', async () => {
    const api = await startApi((response, index) =>
      index === 0 ? sendJson(response, { value: [1], '@odata.nextLink': 'users?page=2' }) : sendJson(response, {}, 404),
    );
    const seen: unknown[] = [];
    const walk = async (): Promise<void> => {
      for await (const item of callerOf(api).items('users', { prefetch: true })) {
        await expect.poll(() => api.received.length).toBe(2);
        seen.push(item);
      }
    };
    expect([await rejectionOf(walk()), seen]).toMatchObject([{ status: 404 }, [1]]);
  });

  test('heeds the signal', async () => {
    const api = await startApi((response, index) =>
      index === 0 ? sendJson(response, { value: [1], '@odata.nextLink': 'users?page=2' }) : undefined,
    );
    const controller = new AbortController();
    const pages = callerOf(api).pages('users', { prefetch: true, signal: controller.signal })[Symbol.asyncIterator]();
    await pages.next();
    const next = rejectionOf(pages.next());
    controller.abort(new Error('enough'));
    expect(await next).toMatchObject({ message: 'enough' });
  });
});
