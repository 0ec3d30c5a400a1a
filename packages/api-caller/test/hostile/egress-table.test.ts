/** Every kind of URL with every hostile target: seen from the receiving socket, no token and no header of the caller's, not once. BR-04. */
import { describe, expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '../../src/index.ts';
import { type Answer, collect, sendJson, startApi } from '../support.ts';
import { HOST, startReceiver } from './receiver.ts';
import { HOSTILE_TARGETS } from './targets.ts';

interface Kind {
  readonly name: string;
  /** What the API answers, with the target in it. */
  readonly answer: (target: string) => Answer;
  readonly call: (caller: ApiCaller, target: string) => Promise<unknown>;
  /** Whether it may be reached without a token. */
  readonly mayBeReached?: boolean;
}

const json =
  (body: (target: string) => unknown): Kind['answer'] =>
  (target) =>
  (response) =>
    sendJson(response, body(target));
/** Octet by octet, since Node refuses to write what is no field value. */
const withHeader =
  (status: number, name: string): Kind['answer'] =>
  (target) =>
  (response) => {
    const value = Buffer.from(target.replaceAll(/[\r\n]/g, ' ')).toString('latin1');
    response.socket?.end(`HTTP/1.1 ${status} X\r\n${name}: ${value}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`, 'latin1');
  };

const KINDS: readonly Kind[] = [
  { name: 'first request', answer: json(() => ({})), call: (caller, target) => caller.getJson(target) },
  { name: 'first request by fetch', answer: json(() => ({})), call: (caller, target) => caller.fetch(target) },
  { name: 'redirect', answer: withHeader(302, 'location'), call: (caller) => caller.getJson('x') },
  { name: 'redirect of a download', answer: withHeader(302, 'location'), call: (caller) => caller.download('x') },
  {
    name: 'redirect of a download that may leave',
    answer: withHeader(302, 'location'),
    call: (caller) => caller.download('x', { preAuthenticated: true }),
    mayBeReached: true,
  },
  {
    name: 'next link',
    answer: json((target) => ({ value: [1], '@odata.nextLink': target })),
    call: (caller) => collect(caller.items('x')),
  },
  { name: 'Link header', answer: linkHeader, call: (caller) => collect(caller.items('x', { style: 'link' })) },
  {
    name: 'cursor',
    answer: json((target) => ({ value: [1], target })),
    call: (caller) => collect(caller.items('x', { style: (page) => (page as { target: string }).target })),
  },
  { name: 'checkpoint', answer: json(() => ({ value: [] })), call: (caller, target) => collect(caller.items('x', { from: target })) },
  {
    name: 'delta link',
    answer: json((target) => ({ value: [], '@odata.deltaLink': target })),
    call: async (caller) => {
      for await (const { deltaLink } of caller.pages('x')) await collect(caller.pages(deltaLink ?? ''));
    },
  },
  { name: 'Location of an operation', answer: withHeader(202, 'location'), call: (caller) => caller.poll('x', { deadlineMs: 1000 }) },
  { name: 'Operation-Location', answer: json(() => ({})), call: (caller, target) => caller.poll(target) },
  {
    name: 'resource of an operation',
    answer: json((target) => ({ status: 'succeeded', resourceLocation: target })),
    call: (caller) => caller.poll('x'),
  },
  { name: 'batch item', answer: json(() => ({ responses: [] })), call: (caller, target) => caller.batch([{ method: 'GET', url: target }]) },
  {
    name: 'upload URL',
    answer: json(() => ({})),
    call: (caller, target) =>
      caller.upload(target, {
        size: 1,
        body: async function* () {
          yield new Uint8Array(1);
        },
      }),
    mayBeReached: true,
  },
  {
    name: 'upload URL that is to get the token',
    answer: json(() => ({})),
    call: (caller, target) =>
      caller.upload(target, {
        size: 1,
        authorize: true,
        body: async function* () {
          yield new Uint8Array(1);
        },
      }),
  },
  {
    name: 'pre-authenticated URL',
    answer: json(() => ({})),
    call: (caller, target) => caller.getJson(target, { authorize: false }),
    mayBeReached: true,
  },
];

describe.for(KINDS)('$name', ({ answer, call, mayBeReached = false }) => {
  test.for(HOSTILE_TARGETS)('with %s', async ([, target]) => {
    const asked: unknown[] = [];
    const api = await startApi((response, index, received) => {
      if (index === 0) answer(target)(response, index, received);
      else sendJson(response, { value: [] });
    });
    const { dispatcher, received, connections } = await startReceiver(api);
    const caller = createApiCaller({
      baseUrl: `${HOST}/v1.0/`,
      scope: 's',
      tokens: async (scope) => {
        asked.push(scope);
        return 'MARKER-TOKEN';
      },
      headers: { 'x-api-key': 'MARKER-KEY' },
      dispatcher,
      maxAttempts: 1,
      sleep: async () => {},
    });
    await call(caller, target).catch(() => {});
    await caller.close();
    expect(received()).not.toContain('MARKER');
    expect(received()).not.toMatch(/authorization/i);
    if (!mayBeReached) expect(connections()).toBe(0);
    // Whatever reached the API itself was asked for under its own name.
    for (const { headers } of api.received) expect(headers.host).toBe('api.example');
  });
});

test('what leaves is seen: a token that is let go there arrives at the receiver', async () => {
  const api = await startApi((response) => sendJson(response, {}));
  const { dispatcher, received } = await startReceiver(api);
  const options = { baseUrl: HOST, scope: 's', tokens: async () => 'MARKER-TOKEN', dispatcher, origins: [HOST, 'https://evil.test'] };
  await createApiCaller(options).getJson('https://evil.test/x');
  expect(received()).toMatch(/authorization: Bearer MARKER-TOKEN/i);
});

function linkHeader(target: string): Answer {
  return (response) => {
    const value = Buffer.from(`<${target.replaceAll(/[\r\n]/g, ' ')}>; rel="next"`).toString('latin1');
    response.socket?.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nlink: ${value}\r\ncontent-length: 3\r\nconnection: close\r\n\r\n[1]`,
      'latin1',
    );
  };
}
