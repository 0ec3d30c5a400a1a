/** Upload sessions: which ranges go out, what an interruption costs, and that the token stays at home. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { UploadOptions } from '../../src/index.ts';
import { type Answer, type Api, callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

const CONTENTS = 'abcdefghijklmnopqrstuvwxyz';

/** An upload session as Microsoft Graph has it; `first` may answer in its place, and returns whether it did. */
async function startSession(first: (...asked: Parameters<Answer>) => boolean = () => false): Promise<Api & { contents(): string }> {
  let contents = '';
  const api = await startApi((response, index, received) => {
    if (first(response, index, received)) return;
    const { method, headers, body } = received;
    const [, from, to] = /^bytes (\d+)-(\d+)\/26$/.exec(headers['content-range'] ?? '') ?? [];
    if (method === 'PUT' && Number(from) !== contents.length) return sendJson(response, { error: { code: 'invalidRange' } }, 416);
    if (method === 'PUT') {
      expect(body.length).toBe(Number(to) - Number(from) + 1);
      contents += body;
    }
    if (contents.length === 26) return sendJson(response, { id: 'item' }, 201);
    sendJson(response, { nextExpectedRanges: [`${contents.length}-25`] }, method === 'PUT' ? 202 : 200);
  });
  return Object.assign(api, { contents: () => contents });
}

function contentsFrom(opened: number[] = []): Pick<UploadOptions, 'body' | 'size' | 'chunkBytes'> {
  return {
    size: 26,
    chunkBytes: 10,
    body: async function* (from) {
      opened.push(from);
      // In pieces of a length that fits no chunk.
      for (let at = from; at < 26; at += 7) yield Buffer.from(CONTENTS.slice(at, at + 7));
    },
  };
}

const ranges = (api: Api): unknown[] => api.received.map(({ method, headers }) => (method === 'PUT' ? headers['content-range'] : method));

test('contents go out in ranges, without the token and the caller’s headers, and progress is told', async () => {
  const api = await startSession();
  const progress: number[] = [];
  const caller = callerOf(api, { headers: { 'x-api-key': 'MARKER' } });
  const item = await caller.upload(`${api.origin}/session?sig=1`, { ...contentsFrom(), onProgress: (bytes) => progress.push(bytes) });
  expect([item, api.contents(), progress]).toEqual([{ id: 'item' }, CONTENTS, [10, 20, 26]]);
  expect(ranges(api)).toEqual(['bytes 0-9/26', 'bytes 10-19/26', 'bytes 20-25/26']);
  expect(api.received.map(({ headers }) => headers['content-length'])).toEqual(['10', '10', '6']);
  expect(JSON.stringify(api.received)).not.toMatch(/MARKER|authorization/);
});

test('the session may be anywhere over https, and the token goes only where its origin was declared, and only if that is asked for', async () => {
  const other = await startSession();
  const api = await startApi((response) => sendJson(response, {}));
  await callerOf(api).upload(`${other.origin}/s`, contentsFrom());
  expect(other.contents()).toBe(CONTENTS);
  const session = `${other.origin}/s`;
  expect(await rejectionOf(callerOf(api).upload(session, { ...contentsFrom(), authorize: true }))).toMatchObject({
    code: 'egress_refused',
  });
  expect(await rejectionOf(callerOf(api).upload('http://evil.test/s', contentsFrom()))).toMatchObject({ code: 'egress_refused' });
  await callerOf(other)
    .upload(session, { ...contentsFrom(), resume: false, authorize: true })
    .catch(() => {});
  expect(other.received.at(-1)?.headers.authorization).toBe('Bearer token-1');
});

describe('an interruption', () => {
  test('by a reset repeats the piece, and asks the session where to go on if that does not help', async () => {
    let resets = 0;
    const api = await startSession((response, _index, { headers }) => {
      if (headers['content-range'] !== 'bytes 10-19/26' || resets === 4) return false;
      resets += 1;
      response.destroy();
      return true;
    });
    const opened: number[] = [];
    await callerOf(api).upload(`${api.origin}/s`, contentsFrom(opened));
    expect([api.contents(), opened]).toEqual([CONTENTS, [0, 10]]);
    expect(ranges(api)).toEqual([
      'bytes 0-9/26',
      ...Array(3).fill('bytes 10-19/26'),
      'GET',
      ...Array(2).fill('bytes 10-19/26'),
      'bytes 20-25/26',
    ]);
  });

  test('after the session took a piece whose answer was lost goes on behind it', async () => {
    let isLost = false;
    let held = '';
    const api = await startApi((response, _index, { method, body, headers }) => {
      const from = Number(/bytes (\d+)/.exec(headers['content-range'] ?? '')?.[1]);
      if (method === 'PUT' && from !== held.length) return sendJson(response, {}, 416);
      if (method === 'PUT') held += body;
      if (method === 'PUT' && !isLost) {
        isLost = true;
        return response.destroy();
      }
      sendJson(
        response,
        held.length === 26 ? { id: 'item' } : { nextExpectedRanges: [`${held.length}-`] },
        method === 'PUT' ? (held.length === 26 ? 200 : 202) : 200,
      );
    });
    const opened: number[] = [];
    expect(await callerOf(api).upload(`${api.origin}/s`, contentsFrom(opened))).toEqual({ id: 'item' });
    expect([held, opened]).toEqual([CONTENTS, [0, 10]]);
  });

  test('of the whole program is made good with `resume`', async () => {
    const api = await startSession();
    const broken = { ...contentsFrom(), size: 27 };
    expect(
      await rejectionOf(callerOf(api).upload(`${api.origin}/s`, { ...broken, size: 26, signal: AbortSignal.abort(new Error('ended')) })),
    ).toMatchObject({ message: 'ended' });
    await callerOf(api).request(`${api.origin}/s`, {
      method: 'PUT',
      authorize: false,
      headers: { 'Content-Range': 'bytes 0-9/26' },
      body: CONTENTS.slice(0, 10),
    });
    const opened: number[] = [];
    await callerOf(api).upload(`${api.origin}/s`, { ...contentsFrom(opened), resume: true });
    expect([api.contents(), opened]).toEqual([CONTENTS, [10]]);
  });

  test('without any progress ends after a few tries', async () => {
    const api = await startSession((response, _index, { method }) => {
      if (method === 'GET') return false;
      sendJson(response, {}, 416);
      return true;
    });
    expect(await rejectionOf(callerOf(api).upload(`${api.origin}/s`, contentsFrom()))).toMatchObject({ code: 'response_error' });
    expect(api.received.length).toBeLessThan(20);
  });
});

test('a session of Google’s says with 308 and a Range what it has', async () => {
  const has: number[] = [];
  const api = await startApi((response, _index, { headers }) => {
    const end = Number(/-(\d+)\//.exec(headers['content-range'] ?? '')?.[1]);
    has.push(end);
    if (end === 25) sendJson(response, { id: 'item' });
    else response.writeHead(308, { range: `bytes=0-${end}`, 'content-length': 0 }).end();
  });
  expect(await callerOf(api).upload(`${api.origin}/s`, contentsFrom())).toEqual({ id: 'item' });
  expect(has).toEqual([9, 19, 25]);
});

test.for([404, 410, 403, 409])('a session that answers %i is an error', async (status) => {
  const api = await startApi((response) => sendJson(response, { error: { code: 'gone' } }, status));
  expect(await rejectionOf(callerOf(api).upload(`${api.origin}/s`, contentsFrom()))).toMatchObject({ status, apiCode: 'gone' });
  expect(api.received).toHaveLength(1);
});

test.for([
  ['fewer', 30],
  ['more', 20],
] as const)('contents of %s bytes than `size` are an error before the last piece goes out', async ([, size]) => {
  const api = await startApi((response) => sendJson(response, { nextExpectedRanges: [] }, 202));
  expect(await rejectionOf(callerOf(api).upload(`${api.origin}/s`, { ...contentsFrom(), size }))).toMatchObject({
    code: 'invalid_configuration',
  });
  expect(ranges(api)).not.toContain(`bytes 20-${size - 1}/${size}`);
  expect(ranges(api).length).toBeLessThan(3);
});

test.for([0, -1, 1.5, Number.NaN])('a size of %d is refused before anything is sent', async (size) => {
  const api = await startSession();
  expect(await rejectionOf(callerOf(api).upload(`${api.origin}/s`, { ...contentsFrom(), size }))).toMatchObject({
    code: 'invalid_configuration',
  });
  expect(api.received).toEqual([]);
});

test('pieces of any length come out as they went in', async () => {
  const { cut } = await import('../../src/stream/chunks.ts');
  const bytes = createHash('shake256', { outputLength: 1000 }).update('x').digest();
  for (const [piece, chunkBytes] of [
    [1, 7],
    [1000, 1],
    [333, 334],
    [7, 1000],
    [100, 100],
  ] as const) {
    const out: Uint8Array[] = [];
    const source = async function* () {
      for (let at = 0; at < 1000; at += piece) yield bytes.subarray(at, at + piece);
    };
    for await (const chunk of cut(source(), { bytes: 1000, chunkBytes })) out.push(chunk);
    expect(Buffer.concat(out).equals(bytes)).toBe(true);
    expect(new Set(out.slice(0, -1).map(({ byteLength }) => byteLength))).toEqual(new Set(out.length > 1 ? [chunkBytes] : []));
  }
});
