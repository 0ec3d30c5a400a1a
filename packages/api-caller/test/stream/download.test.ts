/** Downloads: what arrives, how fast, how far, and where a redirect may lead. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

const CONTENTS = createHash('shake256', { outputLength: 1_000_000 }).update('contents').digest();

test('the bytes come as they are, and progress is told to the last of them', async () => {
  const api = await startApi((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(CONTENTS));
  const progress: number[] = [];
  const stream = await callerOf(api).download('file', { onProgress: (bytes) => progress.push(bytes) });
  expect((await buffer(stream)).equals(CONTENTS)).toBe(true);
  expect([progress.at(-1), progress.toSorted((a, b) => a - b)]).toEqual([CONTENTS.length, progress]);
  expect(api.received[0]?.headers).toMatchObject({ accept: '*/*', 'accept-encoding': 'identity', authorization: 'Bearer token-1' });
});

test('a reader that does not read stops the API from sending', async () => {
  let sent = 0;
  const endless = (): Readable =>
    Readable.from(
      (function* () {
        for (;;) {
          sent += 65_536;
          yield Buffer.alloc(65_536);
        }
      })(),
    );
  const api = await startApi((response) => void endless().pipe(response));
  const stream = await callerOf(api).download('file');
  let before = -1;
  await expect
    .poll(
      () => {
        const isStill = sent === before;
        before = sent;
        return isStill;
      },
      { interval: 100 },
    )
    .toBe(true);
  expect(sent).toBeLessThan(50_000_000);
  (stream as Readable).destroy();
  await expect.poll(() => api.connections()).toBe(0);
});

test('a refusal is an error, and nothing is handed out', async () => {
  const api = await startApi((response) => sendJson(response, { error: { code: 'itemNotFound' } }, 404));
  expect(await rejectionOf(callerOf(api).download('file'))).toMatchObject({ status: 404, apiCode: 'itemNotFound' });
});

test('a connection that is lost on the way fails the stream in words of ours', async () => {
  const api = await startApi((response) => {
    response.writeHead(200, { 'content-length': CONTENTS.length }).write(CONTENTS.subarray(0, 1000));
    setImmediate(() => response.destroy());
  });
  const stream = await callerOf(api).download('file');
  expect(await rejectionOf(buffer(stream))).toMatchObject({ name: 'ApiCallerError', code: 'network', transient: true });
});

test('the signal fails the stream with its reason', async () => {
  const api = await startApi((response) => void response.writeHead(200).write('first'));
  const controller = new AbortController();
  const stream = await callerOf(api).download('file', { signal: controller.signal });
  const read = rejectionOf(buffer(stream));
  controller.abort(new Error('enough'));
  expect(await read).toMatchObject({ message: 'enough' });
});

describe('a redirect to an origin that was not declared', () => {
  const start = async () => {
    const other = await startApi((response) => response.writeHead(200).end('contents'));
    const api = await startApi((response) => response.writeHead(302, { location: `${other.origin}/file?sig=1` }).end());
    return { other, api };
  };

  test('is refused', async () => {
    const { other, api } = await start();
    expect(await rejectionOf(callerOf(api).download('file'))).toMatchObject({ code: 'redirect_refused' });
    expect(other.received).toEqual([]);
  });

  test('is followed with `preAuthenticated`, without the token and without any header that may hold credentials', async () => {
    const { other, api } = await start();
    const caller = callerOf(api, { headers: { 'x-api-key': 'MARKER' } });
    const stream = await caller.download('file', { preAuthenticated: true, headers: { 'x-other': 'MARKER', Range: 'bytes=0-7' } });
    expect(String(await buffer(stream))).toBe('contents');
    expect(other.received).toMatchObject([{ path: '/file?sig=1', headers: { range: 'bytes=0-7' } }]);
    expect(JSON.stringify(other.received)).not.toMatch(/MARKER|token-1|authorization/);
  });
});
