import { inspect } from 'node:util';
import { Agent } from 'undici';
import { expect, test, vi } from 'vitest';
import {
  createTokenSource,
  entra,
  requestToken,
  secret,
  TokenResponseError,
  TokenSourceError,
  type TokenSourceOptions,
} from '../src/index.ts';
import { type Answer, sendJson, sendToken, startLoopback, tokenWith } from './loopback.ts';
import { plainOptions, sourceFor } from './source.ts';

test('a token is kept: a second call gives the same object without a request', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  const token = await source.getToken('a');
  expect(token.value).toBe('token-0');
  expect(await source.getToken('a')).toBe(token);
  expect(loopback.received).toHaveLength(1);
});

test('the request goes out as the protocol has it', async () => {
  const loopback = await startLoopback(sendToken);
  await sourceFor(loopback, { parameters: { audience: 'api' } }).source.getToken(['b', 'a']);
  expect(loopback.received[0]).toMatchObject({
    method: 'POST',
    path: '/token',
    headers: { authorization: 'Basic bWU6bWFya2VyLXNlY3JldA==', accept: 'application/json' },
  });
  expect([...(loopback.received[0]?.form ?? [])]).toEqual([
    ['grant_type', 'client_credentials'],
    ['scope', 'b a'],
    ['audience', 'api'],
  ]);
});

test('CC-13: scopes are a set, so that their order and form find the same token', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  const token = await source.getToken('b a');
  for (const scope of ['a b', ['a', 'b'], ['b', 'a', 'a'], ' a  b ']) expect(await source.getToken(scope)).toBe(token);
  expect((await source.getToken('a')).value).toBe('token-1');
});

test('SEC-10: a thousand calls at once cause one request', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.getToken('a')));
  expect(new Set(tokens).size).toBe(1);
  expect(loopback.received).toHaveLength(1);
});

test('SEC-10: a failure reaches all who wait, and the next call asks again', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendJson(response, { error: 'access_denied' }, 403) : sendToken(response, index, received),
  );
  const { source } = sourceFor(loopback);
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => source.getToken('a')));
  expect(new Set(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).size).toBe(1);
  expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: expect.any(TokenResponseError) });
  expect((await source.getToken('a')).value).toBe('token-1');
});

test('past the time its server advises, a token is given at once and renewed in the background', async () => {
  const loopback = await startLoopback(tokenWith({ refresh_in: 600 }));
  const { source, clock } = sourceFor(loopback);
  const first = await source.getToken('a');
  clock.nowMs += 1_000_000;
  expect(source.inspect('a')).toMatchObject({ freshness: 'due', refreshing: false });
  expect(await source.getToken('a')).toBe(first);
  await vi.waitFor(async () => expect((await source.getToken('a')).value).toBe('token-1'));
  expect(loopback.received).toHaveLength(2);
});

test('a renewal that fails is nobody’s error while the token is valid, up to its last minute too', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendToken(response, index, received) : sendJson(response, {}, 503),
  );
  const { source, clock } = sourceFor(loopback, { maxAttempts: 1 });
  const first = await source.getToken('a');
  clock.nowMs += 3_400_000;
  expect(await source.getToken('a')).toBe(first);
  await vi.waitFor(() => expect(source.inspect('a')).toMatchObject({ refreshing: false }));
  clock.nowMs = first.expiresAtMs - 1;
  expect(await source.getToken('a')).toBe(first);
  clock.nowMs = first.expiresAtMs;
  await expect(source.getToken('a')).rejects.toMatchObject({ code: 'invalid_response', status: 503 });
});

test.each<readonly [string, Partial<TokenSourceOptions>, Answer]>([
  ['a secret that cannot be had', { credential: secret(failsSecondTime()) }, sendToken],
  ['a page of some portal', {}, (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  ['an empty 404', {}, (response) => response.writeHead(404).end()],
])('%s inside the last minute is no reason to be without a valid token', async (_, options, later) => {
  const loopback = await startLoopback((response, index, received) => (index === 0 ? sendToken : later)(response, index, received));
  const { source, clock } = sourceFor(loopback, options);
  const first = await source.getToken('a');
  clock.nowMs = first.expiresAtMs - 1;
  expect(await source.getToken('a')).toBe(first);
});

test('a refusal inside the last minute is an error: the token may have been revoked', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendToken(response, index, received) : sendJson(response, { error: 'invalid_client' }, 401),
  );
  const { source, clock } = sourceFor(loopback);
  const first = await source.getToken('a');
  clock.nowMs = first.expiresAtMs - 1;
  await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
});

test('a hundred calls with the same rejected token cause one request, and get the new token', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  const rejectedToken = await source.getToken('a');
  const tokens = await Promise.all(Array.from({ length: 100 }, () => source.getToken('a', { rejectedToken })));
  expect(new Set(tokens.map((token) => token.value))).toEqual(new Set(['token-1']));
  expect((await source.getToken('a', { rejectedToken })).value).toBe('token-1');
  expect(loopback.received).toHaveLength(2);
});

test('forceRefresh asks whatever is kept, and keeps what it gets', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  await source.getToken('a');
  expect((await source.getToken('a', { forceRefresh: true })).value).toBe('token-1');
  expect((await source.getToken('a')).value).toBe('token-1');
});

test('forget drops one token, or all', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  await source.getToken('a');
  await source.getToken('b');
  await source.forget({ scope: 'a' });
  expect([source.inspect('a'), source.inspect('b')?.freshness]).toEqual([undefined, 'fresh']);
  await source.forget();
  expect(source.inspect('b')).toBeUndefined();
});

test('an abort ends only the call it belongs to, with its reason', async () => {
  let release = (): void => {};
  const loopback = await startLoopback((...request) => {
    release = () => sendToken(...request);
  });
  const { source } = sourceFor(loopback);
  const controller = new AbortController();
  const aborted = source.getToken('a', { signal: controller.signal });
  const patient = source.getToken('a');
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  release();
  expect((await patient).value).toBe('token-0');
  await expect(source.getToken('a', { signal: controller.signal })).rejects.toThrow('enough');
});

test('a call that may not wait ends as a time-out, and its request goes on for the next one', async () => {
  let release = (): void => {};
  const loopback = await startLoopback((...request) => {
    release = () => sendToken(...request);
  });
  const { source, clock } = sourceFor(loopback);
  await expect(source.getToken('a', { deadlineAtMs: clock.nowMs })).rejects.toMatchObject({ code: 'timeout', transient: true });
  const next = source.getToken('a');
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  release();
  expect((await next).value).toBe('token-0');
});

test('after close every call rejects, and so does one that waits', async () => {
  const loopback = await startLoopback(() => {});
  const { source } = sourceFor(loopback);
  const waiting = source.getToken('a');
  const closed = expect(waiting).rejects.toMatchObject({ code: 'closed', transient: false });
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  await source.close();
  await closed;
  await vi.waitFor(() => expect(loopback.connections.size).toBe(0));
  await expect(source.getToken('a')).rejects.toMatchObject({ code: 'closed' });
});

test('close ends a pause between attempts, and `await using` closes', async () => {
  const loopback = await startLoopback((response) => sendJson(response, {}, 429, { 'retry-after': '20' }));
  const source = createTokenSource(plainOptions(loopback.origin));
  const closed = expect(source.getToken('a')).rejects.toMatchObject({ code: 'closed' });
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  await source[Symbol.asyncDispose]();
  await closed;
});

test('requestToken asks each time and closes what it opened', async () => {
  const loopback = await startLoopback(sendToken);
  const ask = () => requestToken({ ...plainOptions(loopback.origin), scope: 'a' });
  expect([(await ask()).value, (await ask()).value]).toEqual(['token-0', 'token-1']);
  await vi.waitFor(() => expect(loopback.connections.size).toBe(0));
});

test('requestToken ends with its signal', async () => {
  const loopback = await startLoopback(() => {});
  const controller = new AbortController();
  const aborted = expect(requestToken({ ...plainOptions(loopback.origin), scope: 'a', signal: controller.signal })).rejects.toThrow(
    'enough',
  );
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  controller.abort(new Error('enough'));
  await aborted;
  await vi.waitFor(() => expect(loopback.connections.size).toBe(0));
});

test('no more tokens are kept than maxEntries', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback, { cache: { maxEntries: 2 } });
  for (const scope of ['a', 'b', 'c']) await source.getToken(scope);
  expect(['a', 'b', 'c'].filter((scope) => source.inspect(scope) !== undefined)).toHaveLength(2);
});

test.each([
  ['client_secret_post', { client_secret: 'marker-secret' }],
  ['client_secret_basic', {}],
] as const)('a secret travels by %s if that was asked for', async (method, fields) => {
  const loopback = await startLoopback(sendToken);
  await sourceFor(loopback, { credential: secret('marker-secret', { method }) }).source.getToken('a');
  const { form, headers } = loopback.received[0] ?? {};
  expect(Object.fromEntries(form ?? [])).toEqual({
    grant_type: 'client_credentials',
    scope: 'a',
    ...fields,
    ...('client_secret' in fields && { client_id: 'me' }),
  });
  expect(headers?.authorization !== undefined).toBe(method === 'client_secret_basic');
});

test('later changes to the options change nothing', async () => {
  const loopback = await startLoopback(sendToken);
  const parameters = { resource: ['https://a.example'], authorizationDetails: [{ type: 'a' }], extra: { x: '1' } };
  const { source } = sourceFor(loopback, { parameters });
  parameters.resource.push('https://b.example');
  parameters.authorizationDetails.push({ type: 'b' });
  parameters.extra.x = '2';
  await source.getToken('a');
  expect(loopback.received[0]?.form.toString()).toBe(
    'grant_type=client_credentials&scope=a&resource=https%3A%2F%2Fa.example&authorization_details=%5B%7B%22type%22%3A%22a%22%7D%5D&x=1',
  );
});

test.each([
  [{ maxAttempts: 0 }, 'maxAttempts'],
  [{ cache: { maxEntries: 0 } }, 'maxEntries'],
  [{ deadlineMs: 1.5 }, 'deadlineMs'],
  [{ attemptTimeoutMs: 2 ** 31 }, 'attemptTimeoutMs'],
  [{ fetch, ca: 'x' }, 'ca'],
  [{ dispatcher: new Agent(), ca: 'x' }, 'ca'],
  [{ dispatcher: new Agent(), fetch }, 'fetch'],
  [{ ca: [] }, 'ca'],
  [{ ca: 'no PEM' }, 'ca'],
  [{ proxies: 'env' }, 'proxies'],
  [{ authority: undefined }, 'authority'],
  [{ credential: undefined }, 'credential'],
])('the options %j are refused at once', (options, name) => {
  expect(() => createTokenSource({ ...plainOptions('http://127.0.0.1:1'), ...options } as TokenSourceOptions)).toThrowError(
    expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(name) }),
  );
});

test.each(['User.Read', '', 'https://a/.default https://b/.default', 'é'])(
  'ENT-10, CC-13: the scope %j is refused before any request',
  async (scope) => {
    const fetch = vi.fn();
    const source = createTokenSource({ authority: entra({ tenant: 'contoso.com' }), clientId: 'me', credential: secret('s'), fetch });
    await expect(source.getToken(scope)).rejects.toMatchObject({ code: 'invalid_scope' });
    expect(fetch).not.toHaveBeenCalled();
  },
);

test('CC-32: secret and token show in no print of the source, its options, or its errors', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? tokenWith({ access_token: 'marker-token' })(response, index, received) : response.destroy(),
  );
  const { source } = sourceFor(loopback, { maxAttempts: 1 });
  const token = await source.getToken('a');
  const error = await source.getToken('b').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TokenSourceError);
  for (const value of [source, token, error, secret('marker-secret')]) {
    expect(inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value)).not.toMatch(/marker|bWFya2Vy/);
  }
});

test.each([
  { parameters: { extra: { scope: 'x' } } },
  { parameters: { resource: 'x' } },
  { parameters: { audience: '\ud800' } },
  { clientId: '' },
])('CC-06, EX-01: %j is refused when the source is made', (options) => {
  expect(() => createTokenSource({ ...plainOptions('http://127.0.0.1:1'), ...options })).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter' }),
  );
});

function failsSecondTime(): () => string {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls > 1) throw new Error('vault down');
    return 'the-secret';
  };
}
