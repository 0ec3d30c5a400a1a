import { describe, expect, test } from 'vitest';
import type { TokenProvider } from '../src/index.ts';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

const ok = (): ReturnType<typeof startApi> => startApi((response) => sendJson(response, {}));
const NOW_MS = 1_700_000_000_000;

describe('a token is taken from', () => {
  test.each<[string, TokenProvider]>([
    ['a function that gives text', async () => 'abc.def-ghi'],
    ['a function that gives a token', async () => ({ value: 'abc.def-ghi', expiresAtMs: 0, tokenType: 'Bearer' })],
    ['a token source', { getToken: async () => ({ value: 'abc.def-ghi', expiresAtMs: 0, tokenType: 'bearer' }) }],
    ['an Azure credential', { getToken: async () => ({ token: 'abc.def-ghi', expiresOnTimestamp: 0 }) }],
  ])('%s', async (_title, tokens) => {
    const api = await ok();
    await callerOf(api, { tokens }).getJson('users');
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc.def-ghi']);
  });

  test('a token whose value is a getter of its class', async () => {
    class Token {
      readonly expiresAtMs = 0;
      get value(): string {
        return 'from-a-getter';
      }
    }
    const api = await ok();
    await callerOf(api, { tokens: { getToken: async () => new Token() } }).getJson('users');
    expect(api.received[0]?.headers.authorization).toBe('Bearer from-a-getter');
  });
});

test('a provider is asked for every call, so a token changed in place is noticed', async () => {
  const api = await ok();
  const token = { value: 'first', expiresAtMs: 0 };
  const caller = callerOf(api, { tokens: async () => token });
  await caller.getJson('users');
  token.value = 'second';
  await caller.getJson('users');
  expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
});

test('a provider is told the scope, when the call gives up, the tenant and the signal, by all names in use', async () => {
  const api = await ok();
  const told: unknown[] = [];
  const { signal } = new AbortController();
  const options = { now: () => NOW_MS, deadlineMs: 5000 };
  const asFunction: TokenProvider = async (...given) => {
    told.push(given);
    return 'token-1';
  };
  const asCredential: TokenProvider = {
    getToken: async (...given) => {
      told.push(given);
      return { token: 'token-1', expiresOnTimestamp: 0 };
    },
  };
  await callerOf(api, { ...options, tokens: asFunction }).getJson('users');
  await callerOf(api, { ...options, tokens: asFunction }).getJson('users', { signal, deadlineMs: 700 });
  await callerOf(api, { ...options, tokens: asCredential }).getJson('users', { signal, tenant: 'contoso.com' });
  const scope = 'https://api.example/.default';
  expect(told).toEqual([
    [scope, { deadlineAtMs: NOW_MS + 5000 }],
    [scope, { deadlineAtMs: NOW_MS + 700, signal }],
    [scope, { deadlineAtMs: NOW_MS + 5000, tenant: 'contoso.com', signal, abortSignal: signal, tenantId: 'contoso.com', enableCae: true }],
  ]);
});

describe('without a token that can be sent nothing is sent', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['empty text', ''],
    ['an empty value', { value: '', expiresAtMs: 0 }],
    ['no value', { expiresAtMs: 0 }],
    ['no token', { token: undefined, expiresOnTimestamp: 0 }],
    ['a line break', 'SECRET\r\nx-injected: 1'],
    ['a blank', 'SECRET token'],
    ['a character beyond ASCII', 'SECRET\u00e9'],
    ['another type of token', { value: 'SECRET', expiresAtMs: 0, tokenType: 'DPoP' }],
  ])('%s', async (_title, token) => {
    const api = await ok();
    const error = await rejectionOf(callerOf(api, { tokens: async () => token as string }).request('users'));
    expect(error).toMatchObject({ name: 'ApiCallerError', code: 'no_token', transient: false });
    expect((error as Error).message).toMatch(/^Nothing was sent: asked for a token, the provider gave (?!.*SECRET)/s);
    expect(api.received).toEqual([]);
  });
});

test("a provider's own error passes through unchanged, and is not asked again, whatever it looks like", async () => {
  const api = await ok();
  const failure = Object.assign(new Error('no way to the token endpoint'), { code: 'ECONNREFUSED', transient: true });
  let asked = 0;
  const tokens = async (): Promise<string> => {
    asked += 1;
    throw failure;
  };
  expect(await rejectionOf(callerOf(api, { tokens }).request('users'))).toBe(failure);
  expect(await rejectionOf(callerOf(api, { tokens }).getJson('users'))).toBe(failure);
  expect([asked, api.received]).toEqual([2, []]);
});

describe('a 401', () => {
  /** Accepts the last of the given tokens only. */
  const startStrictApi = (accepted: string): ReturnType<typeof startApi> =>
    startApi((response, _index, { headers }) =>
      headers.authorization === `Bearer ${accepted}`
        ? sendJson(response, { value: 'here you are' })
        : sendJson(response, { error: { code: 'InvalidAuthenticationToken', message: 'expired' } }, 401),
    );

  test('is renewed once, by showing the provider the very token it gave', async () => {
    const api = await startStrictApi('new');
    const old = { value: 'old', expiresAtMs: 0 };
    const rejected: unknown[] = [];
    const caller = callerOf(api, {
      maxAttempts: 1,
      tokens: async (_scope, demand) => {
        rejected.push(demand.rejectedToken);
        return demand.rejectedToken === undefined ? old : { value: 'new', expiresAtMs: 0 };
      },
    });
    expect(await caller.getJson('users')).toEqual({ value: 'here you are' });
    expect(rejected).toEqual([undefined, old]);
    expect(rejected[1]).toBe(old);
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('is final if the provider gives the same token again, and its body is still there to be read', async () => {
    const api = await startStrictApi('new');
    const caller = callerOf(api, { tokens: async () => 'old' });
    const response = await caller.request('users');
    expect([response.statusCode, await response.body.json()]).toEqual([
      401,
      { error: { code: 'InvalidAuthenticationToken', message: 'expired' } },
    ]);
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({
      status: 401,
      apiCode: 'InvalidAuthenticationToken',
      transient: false,
    });
    expect(api.received).toHaveLength(2);
  });

  test('to a renewed token is final: two requests, two questions', async () => {
    const api = await startStrictApi('never');
    let asked = 0;
    const caller = callerOf(api, { tokens: async () => `token-${++asked}` });
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({ code: 'response_error', status: 401 });
    expect([api.received.length, asked]).toEqual([2, 2]);
    const response = await caller.request('users');
    await response.body.dump();
    expect([response.statusCode, api.received.length, asked]).toEqual([401, 4, 4]);
  });

  test("ends with the provider's error if it cannot renew", async () => {
    const api = await startStrictApi('new');
    const failure = new Error('the token endpoint is down');
    const caller = callerOf(api, {
      tokens: async (_scope, { rejectedToken }) => {
        if (rejectedToken !== undefined) throw failure;
        return 'old';
      },
    });
    expect(await rejectionOf(caller.getJson('users'))).toBe(failure);
    expect(api.received).toHaveLength(1);
  });

  test('leaves no connection busy, however it ends', async () => {
    const api = await startApi((response, _index, { path }) =>
      sendJson(response, { filler: 'x'.repeat(100_000) }, path.includes('busy') ? 429 : 401),
    );
    const renewing = callerOf(api, { tokens: async (_scope, { rejectedToken }) => (rejectedToken === undefined ? 'old' : 'new') });
    const stuck = callerOf(api, { tokens: async () => 'old' });
    const failing = callerOf(api, {
      tokens: async (_scope, { rejectedToken }) => (rejectedToken === undefined ? 'old' : Promise.reject(new Error('down'))),
    });
    for (let round = 0; round < 10; round += 1) {
      for (const caller of [renewing, stuck, failing]) await rejectionOf(caller.getJson('users'));
      await rejectionOf(renewing.getJson('busy'));
    }
    // undici lets a connection rest for a turn of the event loop, so each caller may have a second one.
    expect(await api.connections()).toBeLessThanOrEqual(6);
  });

  test('sends the body again from its start', async () => {
    const api = await startStrictApi('new');
    let opened = 0;
    const caller = callerOf(api, { tokens: async (_scope, { rejectedToken }) => (rejectedToken === undefined ? 'old' : 'new') });
    await caller.getJson('users', {
      method: 'POST',
      body: async function* () {
        opened += 1;
        yield Buffer.from('{"name":');
        yield Buffer.from('"Ada"}');
      },
    });
    expect(api.received.map(({ body }) => body)).toEqual(['{"name":"Ada"}', '{"name":"Ada"}']);
    expect(opened).toBe(2);
  });

  test('met by a hundred calls at once reaches the provider as a hundred questions with one and the same token', async () => {
    const api = await startStrictApi('new');
    const old = { value: 'old', expiresAtMs: 0 };
    const renewed = { value: 'new', expiresAtMs: 0 };
    let flights = 0;
    let flight: Promise<typeof renewed> | undefined;
    const caller = callerOf(api, {
      tokens: async (_scope, { rejectedToken }) => {
        if (rejectedToken !== old) return old;
        flight ??= Promise.resolve(renewed).finally(() => {
          flights += 1;
        });
        return flight;
      },
    });
    await Promise.all(Array.from({ length: 100 }, () => caller.getJson('users')));
    expect(flights).toBe(1);
    expect(api.received).toHaveLength(200);
  });
});
