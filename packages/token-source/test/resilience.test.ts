import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { Agent, fetch as undiciFetch } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { pair } from '../../../test/support/certificates.ts';
import { certificate, createTokenSource, entra, secret, TokenResponseError, type TokenSourceError } from '../src/index.ts';
import { type Answer, sendJson, sendToken, startLoopback, tokenWith } from './loopback.ts';
import { plainOptions, sourceFor } from './source.ts';

/** Answers as told, then with tokens. */
const first =
  (...answers: readonly Answer[]): Answer =>
  (response, index, received) =>
    (answers[index] ?? sendToken)(response, index, received);

test('HTTP-16, HTTP-17: passing failures are tried again, after pauses drawn up to 1 s and 2 s', async () => {
  const loopback = await startLoopback(
    first(
      (response) => sendJson(response, {}, 503),
      (response) => response.destroy(),
    ),
  );
  const { source, pauses } = sourceFor(loopback);
  expect((await source.getToken('a')).value).toBe('token-2');
  expect(pauses).toEqual([500, 1000]);
});

test('JA-09: every attempt carries an assertion of its own', async () => {
  const loopback = await startLoopback(first((response) => sendJson(response, {}, 503)));
  const { source } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
  await source.getToken('a');
  const assertions = loopback.received.map(({ form }) => form.get('client_assertion'));
  expect(new Set(assertions).size).toBe(2);
  expect(assertions).not.toContain(null);
});

test('HTTP-12: Retry-After is kept to the millisecond, also as a date by the server’s clock', async () => {
  const loopback = await startLoopback(
    first(
      (response) => sendJson(response, {}, 429, { 'retry-after': '3' }),
      (response) => sendJson(response, {}, 503, { 'retry-after': 'Mon, 23 Nov 2026 13:00:02 GMT', date: 'Mon, 23 Nov 2026 13:00:00 GMT' }),
    ),
  );
  const { source, pauses } = sourceFor(loopback);
  expect((await source.getToken('a')).value).toBe('token-2');
  expect(pauses).toEqual([3000, 2000]);
});

test('HTTP-15: a longer wait than the deadline leaves fails at once, and says until when', async () => {
  const loopback = await startLoopback((response) => sendJson(response, { error: 'slow_down' }, 429, { 'retry-after': '3600' }));
  const { source, pauses, clock } = sourceFor(loopback);
  const error = await rejection(source.getToken('a'));
  expect(error).toMatchObject({
    code: 'throttled',
    transient: true,
    attempts: 1,
    retryAtMs: clock.nowMs + 3_600_000,
    cause: { error: 'slow_down' },
  });
  expect(pauses).toEqual([]);
});

test('after the last attempt the failure says how many there were', async () => {
  const loopback = await startLoopback((response) => response.destroy());
  const { source } = sourceFor(loopback);
  expect(await rejection(source.getToken('a'))).toMatchObject({
    code: 'network',
    transient: true,
    attempts: 3,
    message: expect.stringMatching(/after 3 attempts/),
  });
  expect(loopback.received).toHaveLength(3);
});

test('a refusal after the last attempt says how many there were too', async () => {
  const loopback = await startLoopback((response) => sendJson(response, { error: 'temporarily_unavailable' }, 503));
  expect(await rejection(sourceFor(loopback).source.getToken('a'))).toMatchObject({
    code: 'oauth_error',
    transient: true,
    attempts: 3,
    message: 'The token endpoint refused the request for client "me": "temporarily_unavailable" (HTTP 503, after 3 attempts)',
  });
});

test.each(['invalid_client', 'invalid_scope', 'unauthorized_client'])('CC-30: the refusal %s is not tried again', async (error) => {
  const loopback = await startLoopback((response) => sendJson(response, { error }, 400));
  expect(await rejection(sourceFor(loopback).source.getToken('a'))).toMatchObject({ code: 'oauth_error', error });
  expect(loopback.received).toHaveLength(1);
});

test.each<readonly [string, Answer]>([
  ['never answers', () => {}],
  ['stops in the middle of its headers', (response) => response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n')],
  [
    'stops in the middle of its body',
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"access_token":'),
  ],
  [
    'drips its body for ever',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    },
  ],
])('an endpoint that %s is given up after the time of an attempt', async (_, answer) => {
  const loopback = await startLoopback(answer);
  for (const fetch of [undefined, globalThis.fetch]) {
    const { source } = sourceFor(loopback, { fetch, attemptTimeoutMs: 100, maxAttempts: 1 });
    expect(await rejection(source.getToken('a'))).toMatchObject({
      code: 'timeout',
      transient: true,
      message: expect.stringContaining('100 ms'),
    });
  }
});

test('an endpoint that accepts a connection and never speaks TLS is given up after the time of an attempt', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.close();
  });
  const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const source = createTokenSource({ ...plainOptions(origin), attemptTimeoutMs: 50, maxAttempts: 2 });
  onTestFinished(() => source.close());
  expect(await rejection(source.getToken('a'))).toMatchObject({
    code: 'timeout',
    transient: true,
    attempts: 2,
    message: expect.stringContaining('50 ms'),
  });
});

test.each<readonly [string, () => Promise<Response>]>([
  ['never answers', () => new Promise(() => {})],
  [
    'gives a body without end',
    async () =>
      new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), { headers: { 'content-type': 'application/json' } }),
  ],
])('a fetch that heeds no signal and %s is given up after the time of an attempt', async (_, fetch) => {
  const { source, pauses } = sourceFor(await startLoopback(() => {}), { fetch, attemptTimeoutMs: 20 });
  expect(await rejection(source.getToken('a'))).toMatchObject({ code: 'timeout', transient: true, attempts: 3 });
  expect(pauses).toEqual([500, 1000]);
});

test('undici’s own fetch, whose Headers are another class, brings a token', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback, { fetch: undiciFetch as unknown as typeof fetch });
  expect((await source.getToken('a')).value).toBe('token-0');
});

test.each<readonly [string, Answer]>([
  ['breaks off', (response) => response.writeHead(429, BUSY).write('x', () => response.destroy())],
  ['stalls', (response) => response.writeHead(429, BUSY).write('x')],
  ['is too long', (response) => response.writeHead(429, BUSY).end(' '.repeat(1024 * 1024 + 1))],
])('HTTP-15: Retry-After is kept although the body %s', async (_, answer) => {
  const loopback = await startLoopback(answer);
  const { source, clock } = sourceFor(loopback, { attemptTimeoutMs: 100 });
  const expected = { code: 'throttled', retryAtMs: clock.nowMs + 3_600_000, cause: { status: 429, requestId: 'r-1' } };
  expect(await rejection(source.getToken('a'))).toMatchObject(expected);
  expect(loopback.received).toHaveLength(1);
});

test('an absurd Retry-After is a date all the same', async () => {
  const loopback = await startLoopback((response) => sendJson(response, {}, 429, { 'retry-after': '9'.repeat(30) }));
  expect(await rejection(sourceFor(loopback).source.getToken('a'))).toMatchObject({
    code: 'throttled',
    message: expect.stringContaining('2036-11-28'),
  });
});

test('the last attempt is cut to what the deadline leaves, and its failure is the one that is told', async () => {
  const loopback = await startLoopback(
    first(
      (response) => sendJson(response, {}, 503, { 'retry-after': '29' }),
      () => {},
    ),
  );
  const { source } = sourceFor(loopback, { deadlineMs: 29_050 });
  expect(await rejection(source.getToken('a'))).toMatchObject({ code: 'timeout', message: expect.stringContaining('50 ms') });
});

test('a function of the credential that never ends is named as such', async () => {
  const { source } = sourceFor(await startLoopback(sendToken), { credential: secret(() => new Promise(() => {})), deadlineMs: 1 });
  expect(await rejection(source.getToken('a'))).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('function of the credential'),
  });
});

test('what a server repeats of the secret is in no error', async () => {
  const loopback = await startLoopback((response, _, { headers }) =>
    sendJson(response, { error: 'invalid_client', error_description: `marker-secret or ${headers.authorization}` }, 401),
  );
  expect(inspect(await rejection(sourceFor(loopback).source.getToken('a')))).not.toMatch(/marker|bWFya2Vy/);
});

test('the deadline ends a call whose attempts never end', async () => {
  const loopback = await startLoopback(() => {});
  const { source } = sourceFor(loopback, { deadlineMs: 100 });
  expect(await rejection(source.getToken('a'))).toMatchObject({ code: 'timeout', transient: true });
});

test('CC-21: an answer over 1 MiB is cut off', async () => {
  const loopback = await startLoopback((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(' '.repeat(1024 * 1024 + 1));
  });
  const error = await rejection(sourceFor(loopback).source.getToken('a'));
  expect(error).toBeInstanceOf(TokenResponseError);
  expect(error).toMatchObject({ code: 'invalid_response', status: 200, message: expect.stringContaining('1048576') });
});

test.each<readonly [string, Answer, object]>([
  [
    'HTML of a proxy',
    (response) => response.writeHead(502, { 'content-type': 'text/html', 'x-ms-request-id': 'r-1' }).end('<html>'),
    { code: 'invalid_response', status: 502, requestId: 'r-1', transient: true },
  ],
  [
    'truncated JSON',
    (response) => response.writeHead(200, { 'content-type': 'application/json', 'x-ms-request-id': 'r-1' }).end('{"access_token":"marker'),
    { code: 'invalid_response', status: 200, requestId: 'r-1', transient: false },
  ],
  [
    'a 200 with an error',
    (response) => sendJson(response, { error: 'invalid_scope' }),
    { code: 'oauth_error', status: 200, error: 'invalid_scope' },
  ],
  ['a 403 without a body', (response) => response.writeHead(403).end(), { code: 'invalid_response', status: 403 }],
  ['a negative lifetime', tokenWith({ expires_in: -1 }), { code: 'invalid_response', status: 200 }],
  ['a lifetime of 1e3', tokenWith({ expires_in: '1e3' }), { code: 'invalid_response', status: 200 }],
  ['a token with a line break', tokenWith({ access_token: 'marker\nx' }), { code: 'invalid_response', status: 200 }],
  ['a token type not asked for', tokenWith({ token_type: 'DPoP' }), { code: 'invalid_response', status: 200 }],
])('%s is a typed error with its status and request id, not a SyntaxError', async (_, answer, expected) => {
  const loopback = await startLoopback(answer);
  const error = await rejection(sourceFor(loopback, { maxAttempts: 1 }).source.getToken('a'));
  expect(error).toBeInstanceOf(TokenResponseError);
  expect(error).toMatchObject(expected);
  expect(inspect(error)).not.toContain('marker');
});

test('CC-18: a token without expires_in is kept for five minutes at most', async () => {
  const loopback = await startLoopback(tokenWith({ expires_in: undefined }));
  const { source, clock } = sourceFor(loopback);
  await source.getToken('a');
  clock.nowMs += 300_000;
  expect((await source.getToken('a')).value).toBe('token-1');
});

test('CC-19: a token that expires at once is given, and not kept', async () => {
  const loopback = await startLoopback(tokenWith({ expires_in: 0 }));
  const { source } = sourceFor(loopback);
  expect([(await source.getToken('a')).value, (await source.getToken('a')).value]).toEqual(['token-0', 'token-1']);
});

test('an endpoint that cannot be reached is named, without what was sent', async () => {
  const error = await rejection(createTokenSource({ ...plainOptions('http://127.0.0.1:9'), maxAttempts: 1 }).getToken('a'));
  expect(error).toMatchObject({
    code: 'network',
    transient: true,
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9 .*ECONNREFUSED/),
  });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('marker');
});

test('a dispatcher that was handed in sends the requests, and is not closed', async () => {
  const loopback = await startLoopback(sendToken);
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  const { source } = sourceFor(loopback, { dispatcher });
  await source.getToken('a');
  await source.close();
  expect(dispatcher.closed).toBe(false);
});

test('a fetch that was handed in sends the requests', async () => {
  const seen: unknown[] = [];
  const source = createTokenSource({
    authority: entra({ tenant: 'contoso.com' }),
    clientId: 'me',
    credential: secret('s'),
    uniqueId: () => 'id-1',
    fetch: async (url, init) => {
      seen.push(url, { ...init, signal: undefined });
      return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 });
    },
  });
  expect((await source.getToken('https://graph.microsoft.com/.default')).value).toBe('token');
  expect(seen).toEqual([
    'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
    {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'client-request-id': 'id-1',
        'return-client-request-id': 'true',
      },
      body: 'grant_type=client_credentials&client_id=me&client_secret=s&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default',
      signal: undefined,
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
    },
  ]);
});

async function rejection(promise: Promise<unknown>): Promise<TokenSourceError | TokenResponseError> {
  return promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (reason) => reason,
  );
}

const BUSY = { 'retry-after': '3600', 'x-ms-request-id': 'r-1' };
