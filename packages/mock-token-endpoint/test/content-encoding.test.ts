/** Compressed answers of the API: to whom, in which coding, and what faults make of them. RFC 9110 §8.4 and §12.5.3. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultName } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'encoding', tls: false });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { gzip: gunzipSync, br: brotliDecompressSync };

/** The answer as its octets are. */
const ask = async (acceptEncoding: string | undefined, { path = 'items', method = 'GET' as 'GET' | 'HEAD' } = {}) => {
  const accept = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const { statusCode, headers, body } = await request(`${harness.mock.apiBaseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...accept },
  });
  return { status: statusCode, headers, coding: headers['content-encoding'], bytes: Buffer.from(await body.arrayBuffer()) };
};

test.each([
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['gzip, br', 'gzip'],
  ['br, gzip', 'br'],
  ['gzip;q=0.5, br;q=0.8', 'br'],
  ['deflate, BR ; q=1.0', 'br'],
  ['gzip;q=0, br;q=0.001', 'br'],
  ['zstd, gzip;q=0.2, *', 'gzip'],
])('Accept-Encoding: %s is answered with %s', async (accept, coding) => {
  const reply = await ask(accept);
  expect([reply.status, reply.coding, reply.headers['vary']]).toEqual([200, coding, 'accept-encoding']);
  expect(reply.headers['content-length']).toBe(String(reply.bytes.length));
  const plain = await ask(undefined);
  expect(reply.bytes.length).toBeLessThan(plain.bytes.length / 2);
  expect(JSON.parse(String(DECODERS[coding]?.(reply.bytes)))).toEqual(JSON.parse(String(plain.bytes)));
});

test.each([undefined, '', 'identity', 'deflate', 'gzip;q=0', 'br;q=0.0, gzip;q=0', 'gzip;q=abc', 'constructor', '*'])(
  'Accept-Encoding: %s is answered as it is',
  async (accept) => {
    const { coding, headers, bytes } = await ask(accept);
    expect([coding, headers['vary']]).toEqual([undefined, undefined]);
    expect(JSON.parse(String(bytes)).value).toHaveLength(100);
  },
);

test('refusals are compressed too, HEAD says what GET would, and no body stays none', async () => {
  const refusal = await ask('gzip', { path: 'nothing' });
  expect([refusal.status, JSON.parse(String(gunzipSync(refusal.bytes))).error.code]).toEqual([404, 'BadRequest']);
  const head = await ask('br', { method: 'HEAD' });
  expect([head.coding, head.bytes.length]).toEqual(['br', 0]);
  const { headers, text } = await harness.callApi('exports', { token, method: 'POST', headers: { 'accept-encoding': 'gzip' } });
  expect([headers['content-encoding'], text]).toEqual([undefined, '']);
});

test('only the API compresses: the token endpoint answers as before', async () => {
  const reply = await harness.post(harness.secretFields(), { headers: { 'accept-encoding': 'gzip, br' } });
  expect([reply.status, reply.headers['content-encoding'], reply.json.token_type]).toEqual([200, undefined, 'Bearer']);
});

test('the journal has what was said, in plain text', async () => {
  await ask('br', { path: 'organization' });
  expect(harness.mock.journal.at(-1)?.answer.body).toContain('"displayName":"Contoso"');
});

test('a spoilt answer is compressed as the honest one would be, one of blanks is not, and a scripted one is as it was given', async () => {
  const spoilt = async (fault: FaultName) => {
    harness.mock.addRule({ times: 1, answer: { fault } });
    return ask('gzip');
  };
  const truncated = await spoilt('truncated-json');
  expect(truncated.coding).toBe('gzip');
  expect(() => JSON.parse(String(gunzipSync(truncated.bytes)))).toThrow(SyntaxError);
  const oversized = await spoilt('oversized-body');
  expect([oversized.coding, oversized.bytes.length]).toEqual([undefined, 8 * 1024 * 1024]);
  expect(JSON.parse(String(oversized.bytes)).value).toHaveLength(100);
  harness.mock.addRule({ times: 1, answer: { status: 200, body: 'plain', headers: { 'content-encoding': 'br' } } });
  const lie = await ask('br');
  expect([lie.coding, String(lie.bytes)]).toEqual(['br', 'plain']);
});

test.each([
  ['gzip-bomb', 'gzip', 65_536],
  ['brotli-bomb', 'br', 100],
] as const)('%s is %s, small on the wire and 32 MiB of JSON when unpacked', async (fault, coding, atMost) => {
  harness.mock.addRule({ answer: { fault } });
  const { coding: said, bytes } = await ask(undefined);
  expect(said).toBe(coding);
  expect(bytes.length).toBeLessThan(atMost);
  const unpacked = DECODERS[coding]?.(bytes) ?? Buffer.alloc(0);
  expect([unpacked.length, JSON.parse(String(unpacked))]).toEqual([32 * 1024 * 1024, {}]);
});
