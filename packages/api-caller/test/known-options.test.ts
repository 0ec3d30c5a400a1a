import { expect, test } from 'vitest';
import { bearerInterceptor, createApiCaller } from '../src/index.ts';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

const OPTIONS = { baseUrl: 'https://api.example', scope: 's', tokens: async () => 't' };

test.each(['retries', 'timeout', 'tenant', 'maxRetries', 'toString'])('an API caller cannot be made with the option %j', (name) => {
  const misspelt = { ...OPTIONS, [name]: 3 } as never;
  expect(() => createApiCaller(misspelt)).toThrow(`The option "${name}" of createApiCaller is not known; it would have no effect`);
});

test('an interceptor takes only its four options', () => {
  const { scope, tokens } = OPTIONS;
  expect(() => bearerInterceptor({ scope, tokens, origins: [], retryForbidden: true } as never)).toThrow(
    expect.objectContaining({ code: 'invalid_configuration' }),
  );
});

test('a call with an option that does not exist asks nobody for a token, by whatever method', async () => {
  const api = await startApi((response) => sendJson(response, { value: [] }));
  let asked = 0;
  const tokens = async (): Promise<string> => `token-${++asked}`;
  const caller = callerOf(api, { tokens });
  // The name that Azure has for it: the token would be that of another tenant.
  const misspelt = { tenantId: 'contoso' } as never;
  const first = async (walk: AsyncIterable<unknown>): Promise<unknown> => walk[Symbol.asyncIterator]().next();
  const body = async function* (): AsyncGenerator<Uint8Array> {};
  const calls: readonly (() => Promise<unknown>)[] = [
    () => caller.request('users', misspelt),
    () => caller.getJson('users', misspelt),
    () => caller.postJson('users', {}, misspelt),
    () => caller.delete('users', misspelt),
    () => first(caller.pages('users', misspelt)),
    () => first(caller.items('users', misspelt)),
    () => first(caller.pages('users', { from: `${api.origin}/v1.0/users?page=2`, ...(misspelt as object) })),
    () => caller.batch([{ method: 'GET', url: 'users' }], misspelt),
    () => caller.poll('operations/1', misspelt),
    () => caller.download('files/1', misspelt),
    () => caller.upload(`${api.origin}/session`, { body, size: 1, resume: true, ...(misspelt as object) }),
  ];
  for (const call of calls) {
    expect(await rejectionOf(call())).toMatchObject({
      code: 'invalid_configuration',
      message: 'The option "tenantId" of a call is not known; it would have no effect',
    });
  }
  expect([asked, api.received.length]).toEqual([0, 0]);
});
