/** Answers that take their time: they end with the client or the mock, keep nothing alive, and touch no other request. */
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText, settle } from './raw.ts';

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

/** Timers of this process that wait, as the runtime itself counts them. */
const waiting = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test.each(SLOW)('the timer of $fault $status ends when the client leaves', async (answer) => {
  const { mock } = harness;
  const before = waiting();
  mock.addRule({ match: { path: '/slow' }, answer });
  const wires = Array.from({ length: 5 }, () => openWire(mock.platformUrl, requestText('GET', `${mock.platformUrl}/slow`)));
  await settle(() => mock.journal.length === 5);
  expect((await harness.post(harness.secretFields())).status).toBe(200);
  for (const { socket } of wires) socket.destroy();
  await settle(() => waiting() <= before);
});

test('all of them end when the mock closes', async () => {
  const other = await startHarness({ seed: 'delivery' });
  onTestFinished(() => other.close());
  for (const answer of SLOW) other.mock.addRule({ times: 1, answer });
  const wires = SLOW.map(() => openWire(other.mock.platformUrl, requestText('GET', `${other.mock.platformUrl}/slow`)));
  await settle(() => other.mock.journal.length === SLOW.length);
  const before = waiting();
  await other.mock.close();
  await Promise.all(wires.map(({ ended }) => ended));
  await settle(() => waiting() < before);
});

test('a delay holds the answer back, and is not in its duration', async () => {
  harness.mock.enqueue({ delayMs: 5 });
  const reply = await harness.post(harness.secretFields());
  expect([reply.status, harness.mock.journal[0]?.scripted]).toEqual([200, { delayMs: 5 }]);
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
