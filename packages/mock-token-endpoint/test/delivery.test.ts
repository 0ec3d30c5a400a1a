/** Answers that take their time: they end with the client or the mock, keep nothing alive, and touch no other request. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { deliver } from '../src/server/delivery.ts';
import { type Harness, NOW_MS, startHarness } from './harness.ts';
import { openWire, requestText, settle } from './raw.ts';
import { timersOf } from './timers.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'delivery' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const LONG_MS = 600_000;
const SLOW: readonly MockAnswer[] = [
  { delayMs: LONG_MS },
  { status: 503, delayMs: LONG_MS },
  { fault: 'no-answer' },
  { fault: 'no-answer', delayMs: LONG_MS },
  { fault: 'reset-before-headers', delayMs: LONG_MS },
  { fault: 'html-502', delayMs: LONG_MS },
  { fault: 'slow-body', delayMs: LONG_MS },
  { fault: 'endless-body', delayMs: LONG_MS },
];

test.each(SLOW)('the timer of $fault $status ends when the client leaves', async (answer) => {
  const { mock } = harness;
  mock.addRule({ match: { path: '/slow' }, answer });
  const wires = Array.from({ length: 5 }, () => openWire(mock.platformUrl, requestText('GET', `${mock.platformUrl}/slow`)));
  await settle(() => mock.journal.length === 5);
  expect((await harness.post(harness.secretFields())).status).toBe(200);
  await settle(() => timersOf(LONG_MS) === ('delayMs' in answer ? wires.length : 0));
  for (const { socket } of wires) socket.destroy();
  await settle(() => timersOf(LONG_MS) === 0);
});

test('all of them end when the mock closes', async () => {
  const other = await startHarness({ seed: 'delivery' });
  onTestFinished(() => other.close());
  for (const answer of SLOW) other.mock.addRule({ times: 1, answer });
  const wires = SLOW.map(() => openWire(other.mock.platformUrl, requestText('GET', `${other.mock.platformUrl}/slow`)));
  await settle(() => other.mock.journal.length === SLOW.length);
  // All but one have a timer: `no-answer` without a delay waits for nothing.
  await settle(() => timersOf(LONG_MS) === SLOW.length - 1);
  await other.mock.close();
  await Promise.all(wires.map(({ ended }) => ended));
  await settle(() => timersOf(LONG_MS) === 0);
});

test('a delay holds the answer back, and is not in its duration', async () => {
  harness.mock.enqueue({ delayMs: 5 });
  const reply = await harness.post(harness.secretFields());
  expect([reply.status, harness.mock.journal[0]?.scripted]).toEqual([200, { delayMs: 5 }]);
});

test.each(['whole', 'slow-body', 'endless-body', 'reset-after-headers'] as const)(
  'RFC 9110 §8.6: a 204 that goes out as %s is a head that names no length',
  async (delivery) => {
    const clock = { now: () => NOW_MS, aheadMs: () => 0, advance: () => undefined, reset: () => undefined };
    const edge = { clock, departure: new AbortController().signal, reset: (socket: Socket) => void socket.resetAndDestroy() };
    const server = createServer((_message, response) => void deliver(response, { status: 204, headers: { a: 'b' }, delivery }, edge));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wire = openWire(origin, requestText('GET', origin, { headers: { connection: 'close' } }));
    expect(await wire.ended).toBe(delivery === 'reset-after-headers' ? 'ECONNRESET' : 'end');
    expect(wire.received()).toMatch(/^HTTP\/1\.1 204 No Content\r\n(?:.+\r\n)*a: b\r\n(?:.+\r\n)*\r\n$/);
    expect(wire.received()).not.toMatch(/content-length|transfer-encoding/i);
  },
);

test('RFC 9110 §9.3.2: HEAD is answered with the length of what GET would send', async () => {
  const url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/discovery/v2.0/keys`;
  const [head, get] = [await harness.send(url, { method: 'HEAD' }), await harness.send(url)];
  expect([head.status, head.text, head.headers['content-type']]).toEqual([200, '', get.headers['content-type']]);
  expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(get.text));
});

test('a hundred faults at once leave the mock as it was', async () => {
  const { mock } = harness;
  const answers: MockAnswer[] = [
    { fault: 'reset-before-headers' },
    { fault: 'reset-after-headers' },
    { fault: 'truncated-json' },
    { fault: 'html-502' },
  ];
  for (const answer of answers) mock.addRule({ match: { path: '/spoilt' }, times: 25, answer });
  const endings = Array.from({ length: 100 }, () => {
    const headers = { connection: 'close' };
    return openWire(mock.authorityHost, requestText('GET', `${mock.authorityHost}/spoilt`, { headers })).ended;
  });
  await Promise.all(endings);
  expect((await harness.post(harness.secretFields())).status).toBe(200);
});

test('clients that leave after any octet of a request, or send none that is one, leave the mock as it was', async () => {
  const { mock } = harness;
  mock.addRule({ match: { path: '/slow' }, answer: { fault: 'slow-body', delayMs: 1 } });
  const headers = { connection: 'close', 'content-type': 'application/x-www-form-urlencoded' };
  const whole = requestText('POST', `${mock.platformUrl}/slow`, { headers, body: 'grant_type=client_credentials' });
  const cuts = Array.from({ length: whole.length }, (_, length) => whole.slice(0, length));
  const garbage = ['\0\0\0\0', 'GET\r\n\r\n', `${'A'.repeat(20_000)}`, 'GET / HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00'];
  const wires = [...cuts, ...garbage, whole].map((text) => openWire(mock.platformUrl, text));
  for (const { socket } of wires) socket.end();
  await Promise.all(wires.map(({ ended }) => ended));
  expect((await harness.post(harness.secretFields())).status).toBe(200);
});
