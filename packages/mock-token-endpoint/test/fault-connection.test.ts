/** Faults below HTTP, and bodies that do not come at once, as a socket and `curl` see them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { curl } from './curl.ts';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText, settle, type Wire } from './raw.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'faults' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** A good token request, over TLS. */
const ask = (answer: MockAnswer, headers: Record<string, string> = {}): Wire => {
  const { mock } = harness;
  mock.enqueue(answer);
  const body = new URLSearchParams(harness.secretFields() as Record<string, string>).toString();
  return openWire(mock.authorityHost, requestText('POST', mock.tokenEndpoint, { headers: { ...FORM, ...headers }, body }));
};
/** Any request of the listener without TLS: its honest answer is a 404 with a text. */
const plainUrl = (answer: MockAnswer): string => {
  harness.mock.addRule({ match: { path: '/plain' }, answer });
  return `${harness.mock.platformUrl}/plain`;
};

describe('no-answer', () => {
  test('sends nothing, keeps the connection, and touches no other request', async () => {
    const wire = ask({ fault: 'no-answer' });
    await settle(() => harness.mock.journal.length === 1);
    expect((await harness.post(harness.secretFields())).status).toBe(200);
    expect([wire.received(), wire.socket.destroyed]).toEqual(['', false]);
    wire.socket.destroy();
    const [entry] = harness.mock.journal;
    expect([entry?.status, entry?.scripted, entry?.checks.every(({ passed }) => passed)]).toEqual([0, { fault: 'no-answer' }, true]);
    expect([entry?.answer, entry?.tokenClaims]).toEqual([{ headers: {} }, undefined]);
  });

  test('is what curl calls a time-out', async () => {
    const { code, stdout } = await curl('--max-time', '0.2', plainUrl({ fault: 'no-answer' }));
    expect([code, stdout.length]).toEqual([28, 0]);
  });
});

describe('reset-before-headers', () => {
  test('resets the connection below TLS', async () => {
    const wire = ask({ fault: 'reset-before-headers' });
    expect([await wire.ended, wire.received()]).toEqual(['ECONNRESET', '']);
  });

  test('is what curl calls a reset by the peer, also after a delay', async () => {
    const { code, stderr } = await curl(plainUrl({ fault: 'reset-before-headers', delayMs: 1 }));
    expect([code, stderr]).toEqual([56, expect.stringContaining('Connection reset by peer')]);
  });
});

test('reset-before-headers comes in its turn: earlier requests of the connection have their answers', async () => {
  const { platformUrl } = harness.mock;
  harness.mock.addRule({ match: { path: '/first' }, answer: { delayMs: 20 } });
  const url = plainUrl({ fault: 'reset-before-headers' });
  const wire = openWire(
    platformUrl,
    requestText('GET', `${platformUrl}/first`) + requestText('GET', url) + requestText('GET', platformUrl),
  );
  // To Node as a client it is a mere end when it comes together with what is to be read before.
  await wire.ended;
  expect(wire.received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404']);
});

describe('reset-after-headers', () => {
  test('resets the connection below TLS, after headers and the first half of the body', async () => {
    const wire = ask({ fault: 'reset-after-headers' });
    await wire.ended;
    const [head = '', body = ''] = wire.received().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/);
    expect(head).toMatch(/\r\ncache-control: no-store\r\n/);
    expect(body).toContain('{"token_type":"Bearer"');
    expect(body).not.toMatch(/}|\r\n0\r\n/);
  });

  test('is what curl calls a reset by the peer, half way', async () => {
    const { code, stdout, stderr } = await curl(plainUrl({ fault: 'reset-after-headers' }));
    expect([code, stderr]).toEqual([56, expect.stringContaining('Connection reset by peer')]);
    const honest = await curl(`${harness.mock.platformUrl}/other`);
    expect(String(stdout)).toBe(String(honest.stdout).slice(0, Math.ceil(honest.stdout.length / 2)));
  });
});

test.each<{ answer: MockAnswer; ending: string }>([
  { answer: { fault: 'reset-after-headers' }, ending: 'ECONNRESET' },
  { answer: { fault: 'slow-body', delayMs: 600_000 }, ending: 'end' },
  { answer: { fault: 'endless-body', delayMs: 600_000 }, ending: 'end' },
])('HEAD gets the honest head with $answer.fault, and then the connection has its $ending', async ({ answer, ending }) => {
  harness.mock.addRule({ match: { path: '/graph/v1.0/users' }, answer });
  const headers = { connection: 'close' };
  const wire = openWire(harness.mock.authorityHost, requestText('HEAD', `${harness.mock.apiBaseUrl}users`, { headers }));
  expect(await wire.ended).toBe(ending);
  expect(wire.received()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n(?:.+\r\n)+\r\n$/);
  expect(wire.received()).toMatch(/\r\ncontent-type: application\/json; charset=utf-8\r\n/);
  expect(wire.received()).toMatch(/\r\nwww-authenticate: Bearer/);
});

describe('slow-body', () => {
  test('sends a twentieth of the honest body, and no more before the pause is over', async () => {
    const wire = ask({ fault: 'slow-body', delayMs: 600_000 });
    await wire.until(/\r\n\r\n./);
    expect((await harness.post(harness.secretFields())).status).toBe(200);
    const [head = '', body = ''] = wire.received().split('\r\n\r\n');
    const length = Number(/content-length: ([0-9]+)/.exec(head)?.[1]);
    expect(body).toHaveLength(Math.ceil(length / 20));
    wire.socket.destroy();
  });

  test('sends all of it in the end', async () => {
    harness.mock.enqueue({ fault: 'slow-body', delayMs: 1 });
    const reply = await harness.post(harness.secretFields());
    expect([reply.status, reply.json.token_type, reply.headers['content-length']]).toEqual([200, 'Bearer', String(reply.text.length)]);
  });

  test('has nothing to be slow about without a body', async () => {
    const { mock } = harness;
    mock.addRule({ answer: { fault: 'slow-body', delayMs: 600_000 } });
    const { code, stdout } = await curl('-i', '-X', 'DELETE', `${mock.authorityHost}/${mock.tenantId}/discovery/v2.0/keys`);
    expect([code, String(stdout)]).toEqual([0, expect.stringMatching(/^HTTP\/1\.1 405 .*\r\n(?:.+\r\n)*\r\n$/)]);
  });
});

test('endless-body drips blanks after honest headers, for as long as the client stays', async () => {
  const wire = ask({ fault: 'endless-body', delayMs: 1 });
  await wire.until(/(1\r\n \r\n){9}/);
  expect(wire.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(wire.received()).not.toMatch(/content-length/i);
  wire.socket.destroy();
});

describe('oversized-body', () => {
  test('is valid JSON of 8 MiB, of a length that is not announced', async () => {
    harness.mock.enqueue({ fault: 'oversized-body' });
    const reply = await harness.post(harness.secretFields());
    expect([reply.status, reply.text.length, reply.headers['content-length']]).toEqual([200, 8 * 1024 * 1024, undefined]);
    expect(reply.json).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) });
  });

  test('waits for a client that does not read, and for nobody else', async () => {
    const wire = ask({ fault: 'oversized-body' }, { connection: 'close' });
    wire.socket.pause();
    await settle(() => harness.mock.journal.length === 1);
    expect((await harness.post(harness.secretFields())).status).toBe(200);
    wire.socket.resume();
    expect(await wire.ended).toBe('end');
    expect(wire.received().slice(-8)).toBe('}\r\n0\r\n\r\n');
  });
});
