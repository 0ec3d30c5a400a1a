/** What is refused before it is looked at, and how a request names the mock: seen from raw sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText } from './raw.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'exchange' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

/** Everything the mock sends to a client that does not ask for the end of the connection, until the mock ends it. */
const answerTo = async (text: string) => {
  const wire = openWire(harness.mock.platformUrl, text);
  await wire.ended;
  return wire.received();
};
const control = (headers: Readonly<Record<string, string>> = {}) => {
  const { controlUrl, controlToken } = harness.mock;
  return requestText('GET', `${controlUrl}clock`, {
    headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'a/b', ...headers },
  });
};
const host = () => new URL(harness.mock.platformUrl).host;
const failed = (name: string, section: string) => [{ name, passed: false, section }];

describe('RFC 9110 §5.3: a header of one value is refused when it comes twice,', () => {
  test.each([
    ['authorization', () => 'Authorization: Basic YTpi'],
    ['content-type', () => 'Content-Type: application/json'],
    ['host', () => `HOST: ${host()}`],
  ])('%s, also through control', async (name, line) => {
    const { mock } = harness;
    const header = { authorization: 'Bearer a', 'content-type': 'a/b' };
    for (const text of [control(), requestText('GET', `${mock.platformUrl}/nowhere`, { headers: header })]) {
      const answer = await answerTo(text.replace('\r\n\r\n', `\r\n${line()}\r\n\r\n`));
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain(`Send ${name} once.`);
      expect(mock.journal.at(-1)?.checks).toEqual(failed('no header of one value is repeated', 'RFC 9110 §5.3'));
    }
  });
});

describe('RFC 9112 §3.2.2: the absolute form', () => {
  const ask = (target: string, name = host()) => answerTo(`GET ${target} HTTP/1.1\r\nhost: ${name}\r\nconnection: close\r\n\r\n`);
  const port = () => new URL(harness.mock.platformUrl).port;

  test.each([
    ['with a path', () => `http://${host()}/nowhere?a=b`, '/nowhere?a=b'],
    ['in capitals, by another name of this machine', () => `HTTP://LOCALHOST:${port()}/Nowhere`, '/Nowhere'],
    ['without a path', () => `http://[::1]:${port()}`, '/'],
    ['with a query alone', () => `http://${host()}?a=/b`, '/?a=/b'],
  ])('of the own origin %s counts as its path', async (_title, target, path) => {
    expect(await ask(target())).toMatch(/^HTTP\/1\.1 404 /);
    expect(harness.mock.journal.at(-1)?.path).toBe(path);
  });

  test('is answered by control too, and goes before the Host', async () => {
    const request = control({ connection: 'close', host: 'evil.example' });
    expect(await answerTo(request.replace('GET ', `GET http://${host()}`))).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    ['another host', () => `http://evil.example:${port()}/`],
    ['another port', () => 'http://127.0.0.1:1/'],
    ['another scheme', () => `https://${host()}/`],
    ['a user', () => `http://a@${host()}/`],
    ['no host', () => 'http:///'],
  ])('with %s is refused, whatever the Host', async (_title, target) => {
    expect(await ask(target())).toMatch(/^HTTP\/1\.1 4(21|00) /);
    expect(harness.mock.journal.map(({ checks }) => checks)).not.toContainEqual([]);
  });
});

test('a target that is no path is refused', async () => {
  expect(await answerTo(requestText('OPTIONS', harness.mock.platformUrl).replace('OPTIONS /', 'OPTIONS *'))).toMatch(/^HTTP\/1\.1 400 /);
  expect(harness.mock.journal[0]?.checks).toEqual(failed('the target is a path', 'RFC 9112 §3.2.1'));
});

test.each([
  ['another Host', () => control({ host: 'evil.example' }), 421],
  ['a body over 1 MiB', () => requestText('POST', harness.mock.controlUrl, { body: ' '.repeat(1_048_577) }), 413],
])('the refusal of %s ends the connection, and says so', async (_title, text, status) => {
  const answer = await answerTo(text());
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toMatch(/\r\nconnection: close\r\n/i);
});
