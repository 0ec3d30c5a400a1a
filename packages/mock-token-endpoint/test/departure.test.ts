/** Requests that wait behind an unanswered one of their connection end with it, and there are not many of them. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText, settle } from './raw.ts';
import { timersOf } from './timers.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'departure' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const LONG_MS = 600_000;
const POLL_MS = 25_000;
/** A request that a rule answers, and a long poll. */
const slow = ({ mock }: Harness) => requestText('GET', `${mock.platformUrl}/slow`);
const poll = ({ mock: { controlUrl, controlToken } }: Harness) =>
  requestText('GET', `${controlUrl}journal?waitMs=${POLL_MS}&path=nowhere`, { headers: { authorization: `Bearer ${controlToken}` } });

describe('pipelined', () => {
  test.each<{ answer: MockAnswer; waiting: number }>([
    { answer: { delayMs: LONG_MS }, waiting: 3 },
    { answer: { fault: 'no-answer', delayMs: LONG_MS }, waiting: 3 },
    { answer: { fault: 'reset-before-headers', delayMs: LONG_MS }, waiting: 3 },
    { answer: { fault: 'slow-body', delayMs: LONG_MS }, waiting: 1 },
    { answer: { fault: 'endless-body', delayMs: LONG_MS }, waiting: 1 },
  ])('the timers of $answer end when the client leaves', async ({ answer, waiting }) => {
    const { mock } = harness;
    mock.addRule({ match: { path: '/slow' }, answer });
    const wire = openWire(mock.platformUrl, slow(harness).repeat(3));
    await settle(() => mock.journal.length === 3 && timersOf(LONG_MS) === waiting);
    wire.socket.destroy();
    await settle(() => timersOf(LONG_MS) === 0);
  });

  test('long polls end when the client leaves', async () => {
    const wire = openWire(harness.mock.platformUrl, poll(harness).repeat(3));
    await settle(() => timersOf(POLL_MS) === 3);
    wire.socket.destroy();
    await settle(() => timersOf(POLL_MS) === 0);
  });

  test('delays and long polls end when the mock closes', async () => {
    const other = await startHarness({ seed: 'departure' });
    onTestFinished(() => other.close());
    other.mock.addRule({ match: { path: '/slow' }, answer: { delayMs: LONG_MS } });
    const wire = openWire(other.mock.platformUrl, slow(other).repeat(2) + poll(other).repeat(2));
    await settle(() => timersOf(LONG_MS) === 2 && timersOf(POLL_MS) === 2);
    await other.mock.close();
    await wire.ended;
    await settle(() => timersOf(LONG_MS) + timersOf(POLL_MS) === 0);
  });

  test('answers come in the order of the requests', async () => {
    const { mock } = harness;
    mock.addRule({ match: { path: '/first' }, answer: { status: 501, delayMs: 20 } });
    mock.addRule({ match: { path: '/second' }, answer: { status: 502, delayMs: 1 } });
    const wire = openWire(
      mock.platformUrl,
      ['first', 'second', 'third'].map((path) => requestText('GET', `${mock.platformUrl}/${path}`)).join(''),
    );
    await wire.until(/ 404 /);
    expect(wire.received().match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 501', 'HTTP/1.1 502', 'HTTP/1.1 404']);
    wire.socket.destroy();
  });
});

test('a long poll that was answered leaves no timer', async () => {
  const { mock } = harness;
  const wire = openWire(mock.platformUrl, poll(harness));
  await settle(() => timersOf(POLL_MS) === 1);
  const other = openWire(mock.platformUrl, requestText('GET', `${mock.platformUrl}/nowhere`));
  await wire.until(/"path":"\/nowhere"/);
  await settle(() => timersOf(POLL_MS) === 0);
  for (const { socket } of [wire, other]) socket.destroy();
});

describe('a connection', () => {
  test('with a hundred unanswered requests is served in silence, and ended at the next one', async () => {
    const { mock } = harness;
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    mock.addRule({ match: { path: '/slow' }, answer: { fault: 'no-answer' } });
    const wire = openWire(mock.platformUrl, slow(harness).repeat(100));
    await settle(() => mock.journal.length === 100);
    expect(wire.socket.destroyed).toBe(false);
    wire.socket.write(slow(harness));
    await wire.ended;
    expect([mock.journal.length, warnings]).toEqual([100, []]);
  });

  test('is ended before thousands of them are looked at', async () => {
    const { mock } = harness;
    mock.addRule({ match: { path: '/slow' }, answer: { fault: 'no-answer' } });
    await openWire(mock.platformUrl, slow(harness).repeat(5000)).ended;
    expect(mock.journal.length).toBeLessThanOrEqual(100);
  });

  test('on which every request has its answer may have any number of them', async () => {
    const { mock } = harness;
    const wire = openWire(mock.platformUrl, '');
    for (const count of [90, 180]) {
      wire.socket.write(requestText('GET', `${mock.platformUrl}/quick`).repeat(90));
      await settle(() => wire.received().split('HTTP/1.1 404').length === count + 1);
    }
    wire.socket.destroy();
  });

  // The time is that of the test: without the fix it would be that of a TLS handshake, which is ten seconds.
  test('that says nothing to a TLS port does not keep the mock from closing', { timeout: 5000 }, async () => {
    const other = await startHarness({ seed: 'departure' });
    const silent = connect(Number(new URL(other.mock.authorityHost).port), '127.0.0.1');
    const closed = once(silent, 'close');
    await once(silent, 'connect');
    // Whoever connects later is accepted later: by this answer the mock knows the silent one.
    await other.send(other.mock.authorityHost);
    await other.close();
    await closed;
  });
});
