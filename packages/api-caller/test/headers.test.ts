import { describe, expect, test } from 'vitest';
import { createApiCaller } from '../src/index.ts';
import { callerOf, collect, rejectionOf, sendJson, startApi } from './support.ts';

const RESERVED = ['authorization', 'Authorization', 'AUTHORIZATION', 'Proxy-Authorization', 'Cookie', 'DPoP', 'Host', 'Content-Length'];
const FRAMING = ['Transfer-Encoding', 'TE', 'Trailer', 'Expect', 'Connection', 'Keep-Alive', 'Proxy-Connection', 'Upgrade'];

describe('BR-03: a reserved header is refused, in whatever case and wherever it stands', () => {
  test.each([...RESERVED, ...FRAMING])('%s', async (name) => {
    const api = await startApi((response) => sendJson(response, {}));
    const error = { code: 'reserved_header', message: `Header "${name.toLowerCase()}" is set by this package or not at all; leave it out` };
    const caller = callerOf(api);
    expect(await rejectionOf(caller.request('users', { headers: { [name]: 'x' } }))).toMatchObject(error);
    expect(await rejectionOf(caller.getJson('users', { headers: { [name]: 'x' } }))).toMatchObject(error);
    expect(await rejectionOf(collect(caller.pages('users', { headers: { [name]: 'x' } })))).toMatchObject(error);
    expect(() => callerOf(api, { headers: { [name]: 'x' } })).toThrow(expect.objectContaining(error));
    expect(api.received).toEqual([]);
  });
});

test.each([
  [{ 'x y': '1' }, '"x y" is not a header name'],
  [{ '': '1' }, '"" is not a header name'],
  [{ 'x-key': 'SECRET\r\nauthorization: x' }, 'The value of header "x-key" holds a character that no header may hold'],
  [{ 'x-key': 'SECRET\u{1F600}' }, 'The value of header "x-key" holds a character that no header may hold'],
  [{ 'X-Key': '1', 'x-key': '2' }, 'Header "x-key" is given twice'],
])('%j is no set of headers', async (headers, message) => {
  const api = await startApi((response) => sendJson(response, {}));
  expect(await rejectionOf(callerOf(api).request('users', { headers }))).toMatchObject({ code: 'invalid_configuration', message });
  expect(api.received).toEqual([]);
});

test("a call's own header replaces the caller's, and everything else is what this package sends", async () => {
  const api = await startApi((response) => sendJson(response, {}));
  const caller = callerOf(api, { headers: { 'X-Api-Version': '1', 'X-Client': 'daemon' } });
  await caller.getJson('users', { headers: { 'x-api-version': '2' } });
  expect(api.received.map(({ headers }) => headers)).toEqual([
    {
      host: new URL(api.origin).host,
      connection: 'keep-alive',
      accept: 'application/json',
      'accept-encoding': 'gzip, br',
      authorization: 'Bearer token-1',
      'x-api-version': '2',
      'x-client': 'daemon',
    },
  ]);
});

test('getJson leaves an accept of its caller as it is', async () => {
  const api = await startApi((response) => sendJson(response, {}));
  await callerOf(api).getJson('users', { headers: { Accept: 'application/json;odata.metadata=none' } });
  expect(api.received[0]?.headers.accept).toBe('application/json;odata.metadata=none');
});

test('options are refused by name before anything is sent', () => {
  const options = { baseUrl: 'https://api.example', scope: 's', tokens: async () => 'token-1' };
  const refused = (change: object): unknown => {
    try {
      return createApiCaller({ ...options, ...change });
    } catch (error) {
      return error;
    }
  };
  expect(refused({ scope: ' ' })).toMatchObject({ code: 'invalid_configuration', message: expect.stringMatching(/^`scope` is ""/) });
  expect(refused({ tokens: { token: 'SECRET' } })).toMatchObject({
    message: '`tokens` is "object", expected a function, or an object with getToken()',
  });
  for (const option of ['maxAttempts', 'attemptTimeoutMs', 'deadlineMs', 'maxResponseBytes']) {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(refused({ [option]: value })).toMatchObject({
        code: 'invalid_configuration',
        message: expect.stringMatching(`^\`${option}\` is "${value}"`),
      });
    }
  }
  expect(refused({ ca: 'PEM', dispatcher: {} })).toMatchObject({ code: 'invalid_configuration' });
});
