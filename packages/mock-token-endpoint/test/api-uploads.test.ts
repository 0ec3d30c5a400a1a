/** Upload sessions: another origin without a token, pieces in order, and a file of which only the digest is kept. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, NOW_MS, startHarness } from './harness.ts';
import { openWire, requestText } from './raw.ts';

const UNIT = 327_680;
const HOUR_MS = 3_600_000;
/** Two pieces and a bit, no two parts of it alike. */
const CONTENT = Buffer.from(Array.from({ length: 2 * UNIT + 100 }, (_, index) => (index * index) >> 8));

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'uploads' });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const begin = async (name = 'report.bin') => {
  const { status, json } = await harness.callApi(`drive/root:/${name}:/createUploadSession`, { token, method: 'POST', body: { item: {} } });
  expect(status).toBe(200);
  return json as { uploadUrl: string; expirationDateTime: string; nextExpectedRanges: string[] };
};
const readFile = (name = 'report.bin') => harness.callApi(`drive/root:/${name}`, { token });
const put = (url: string, from: number, to: number, { size = CONTENT.length, headers = {} }: { size?: number; headers?: object } = {}) =>
  harness.send(url, {
    method: 'PUT',
    headers: { 'content-range': `bytes ${from}-${to - 1}/${size}`, ...headers },
    body: CONTENT.subarray(from, to),
  });
const rangesOf = async (url: string) => (await harness.send(url)).json?.nextExpectedRanges;
const digest = createHash('sha256').update(CONTENT).digest('hex').toUpperCase();

test('a session is on another origin, says until when, and makes a file with the digest of its pieces', async () => {
  const { uploadUrl, expirationDateTime, nextExpectedRanges } = await begin();
  expect(new URL(uploadUrl).origin).not.toBe(harness.mock.authorityHost);
  expect([expirationDateTime, nextExpectedRanges]).toEqual([new Date(NOW_MS + HOUR_MS).toISOString(), ['0-']]);
  const first = await put(uploadUrl, 0, UNIT);
  expect([first.status, first.json]).toEqual([202, { expirationDateTime, nextExpectedRanges: [`${UNIT}-`] }]);
  expect((await put(uploadUrl, UNIT, 2 * UNIT)).status).toBe(202);
  expect((await readFile()).status).toBe(404);
  const last = await put(uploadUrl, 2 * UNIT, CONTENT.length);
  const file = { id: expect.any(String), name: 'report.bin', size: CONTENT.length };
  const hashes = { mimeType: 'application/octet-stream', hashes: { sha256Hash: digest } };
  expect([last.status, last.json]).toEqual([201, { ...file, file: hashes }]);
  expect((await readFile()).json).toMatchObject(last.json);
  expect((await harness.send(uploadUrl)).status).toBe(404);
});

test('one piece of several megabytes, with whatever octets, is a file too', async () => {
  const { uploadUrl } = await begin();
  const body = Buffer.alloc(5_000_001, 0xff);
  const { status, json } = await harness.send(uploadUrl, { method: 'PUT', headers: { 'content-range': 'bytes 0-5000000/5000001' }, body });
  expect([status, json.file.hashes.sha256Hash]).toEqual([201, createHash('sha256').update(body).digest('hex').toUpperCase()]);
  expect(JSON.stringify(harness.mock.journal).length).toBeLessThan(20_000);
});

test('a piece that breaks off has not come, and the session can be asked from where on to go', async () => {
  const { uploadUrl } = await begin();
  await put(uploadUrl, 0, UNIT);
  const head = requestText('PUT', uploadUrl, { headers: { 'content-range': `bytes ${UNIT}-${2 * UNIT - 1}/${CONTENT.length}` } });
  const wire = openWire(new URL(uploadUrl).origin, head.replace(/content-length: 0/, `content-length: ${UNIT}`));
  await new Promise((resolve) => wire.socket.write(CONTENT.subarray(UNIT, 2 * UNIT - 1), resolve));
  wire.socket.destroy();
  await wire.ended;
  expect(await rangesOf(uploadUrl)).toEqual([`${UNIT}-`]);
  await put(uploadUrl, UNIT, 2 * UNIT);
  expect((await put(uploadUrl, 2 * UNIT, CONTENT.length)).json.file.hashes.sha256Hash).toBe(digest);
});

test('a fault after a piece leaves it where it is: only the answer is lost', async () => {
  const { uploadUrl } = await begin();
  harness.mock.addRule({ match: { method: 'PUT' }, times: 1, answer: { fault: 'reset-before-headers' } });
  await expect(put(uploadUrl, 0, UNIT)).rejects.toThrow();
  expect(await rangesOf(uploadUrl)).toEqual([`${UNIT}-`]);
});

test('of two that send the same piece at once, one has sent it', async () => {
  const { uploadUrl } = await begin();
  const headers = { 'content-range': `bytes 0-${UNIT - 1}/${CONTENT.length}`, expect: '100-continue' };
  const text = requestText('PUT', uploadUrl, { headers }).replace(/content-length: 0/, `content-length: ${UNIT}`);
  const wires = [1, 2].map(() => openWire(new URL(uploadUrl).origin, text));
  // From here on both are being read.
  await Promise.all(wires.map((wire) => wire.until(/^HTTP\/1\.1 100 /)));
  for (const { socket } of wires) socket.write(CONTENT.subarray(0, UNIT));
  await Promise.all(wires.map((wire) => wire.until(/^HTTP\/1\.1 [24]/m)));
  expect(wires.map((wire) => /^HTTP\/1\.1 ([24]..)/m.exec(wire.received())?.[1]).sort()).toEqual(['202', '416']);
  for (const { socket } of wires) socket.destroy();
  expect(await rangesOf(uploadUrl)).toEqual([`${UNIT}-`]);
});

describe('a piece is refused', () => {
  test('with 401 when it brings a token, whatever else it is, and the session goes on', async () => {
    const { uploadUrl } = await begin();
    for (const url of [uploadUrl, `${uploadUrl}0`]) {
      const reply = await put(url, 0, UNIT, { headers: { authorization: `Bearer ${token}` } });
      expect([reply.status, reply.json.error.code]).toEqual([401, 'unauthenticated']);
    }
    expect((await harness.send(uploadUrl, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
    expect(await rangesOf(uploadUrl)).toEqual(['0-']);
    expect(JSON.stringify(harness.mock.journal)).not.toContain(token);
  });

  test('with 416 when it has come already, overlaps, or leaves a gap', async () => {
    const { uploadUrl } = await begin();
    await put(uploadUrl, 0, UNIT);
    for (const [from, to] of [
      [0, UNIT],
      [0, 2 * UNIT],
      [2 * UNIT, CONTENT.length],
    ] as const) {
      const { status, json } = await put(uploadUrl, from, to);
      expect([status, json.error.code]).toEqual([416, 'invalidRange']);
    }
    expect(await rangesOf(uploadUrl)).toEqual([`${UNIT}-`]);
  });

  test.each([
    ['no range', ''],
    ['another unit', `items 0-${UNIT - 1}/${CONTENT.length}`],
    ['a range of an unknown whole', `bytes 0-${UNIT - 1}/*`],
    ['a range that ends before it begins', `bytes 1-0/${CONTENT.length}`],
    ['a range beyond the whole', `bytes 0-${UNIT - 1}/${UNIT - 1}`],
    ['a range that is no multiple of 320 KiB', `bytes 0-${UNIT}/${CONTENT.length}`],
    ['a range longer than the body', `bytes 0-${2 * UNIT - 1}/${CONTENT.length}`],
    ['a range shorter than the body', `bytes 0-99/100`],
  ])('with 400 when it has %s', async (_title, range) => {
    const { uploadUrl } = await begin();
    const headers = range === '' ? {} : { 'content-range': range };
    const { status, json } = await harness.send(uploadUrl, { method: 'PUT', headers, body: CONTENT.subarray(0, UNIT) });
    expect([status, json.error.code]).toEqual([400, 'invalidRequest']);
    expect(await rangesOf(uploadUrl)).toEqual(['0-']);
  });

  test('with 413 when it says that it has 60 MiB, and with 400 when the file has another size than before', async () => {
    const { uploadUrl } = await begin();
    expect((await put(uploadUrl, 0, UNIT, { headers: { 'content-range': `bytes 0-62914559/${2 ** 40}` } })).status).toBe(413);
    await put(uploadUrl, 0, UNIT);
    expect((await put(uploadUrl, UNIT, 2 * UNIT, { size: CONTENT.length + 1 })).status).toBe(400);
  });
});

describe('a session ends', () => {
  test('when it is deleted, which keeps no file', async () => {
    const { uploadUrl } = await begin();
    expect((await harness.send(uploadUrl, { method: 'DELETE' })).status).toBe(204);
    const replies = [await harness.send(uploadUrl), await put(uploadUrl, 0, UNIT), await harness.send(uploadUrl, { method: 'DELETE' })];
    expect(replies.map(({ status, json }) => [status, json.error.code])).toEqual(Array(3).fill([404, 'itemNotFound']));
    expect((await readFile()).status).toBe(404);
  });

  test('after its hour by the clock of the mock, at a reset, and with its tenant', async () => {
    const { uploadUrl } = await begin();
    harness.mock.advanceClock(HOUR_MS - 1);
    expect((await harness.send(uploadUrl)).status).toBe(200);
    harness.mock.advanceClock(1);
    expect((await put(uploadUrl, 0, UNIT)).status).toBe(404);
    for (const tenant of [undefined, harness.mock.tenantId]) {
      harness.mock.reset();
      const { uploadUrl: other } = await begin();
      harness.mock.reset('other.example');
      expect((await harness.send(other)).status).toBe(200);
      harness.mock.reset(tenant);
      expect((await harness.send(other)).status).toBe(404);
    }
  });
});

test('another method is 405, and the session is on its own origin alone', async () => {
  const { uploadUrl } = await begin();
  const { status, headers } = await harness.send(uploadUrl, { method: 'POST', body: 'x' });
  expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, PUT, DELETE']);
  expect((await harness.send(uploadUrl.replace(new URL(uploadUrl).origin, harness.mock.authorityHost))).status).toBe(404);
});
