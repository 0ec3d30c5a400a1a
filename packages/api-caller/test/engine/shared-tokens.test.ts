/** A real token source behind many calls: one request for the token that was revoked, and an abort of one call is no other one's. */
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { expect, onTestFinished, test } from 'vitest';
import { createApiCaller } from '../../src/index.ts';
import { rejectionOf, sendJson, startApi } from '../support.ts';

async function start(isAccepted: (token: string, index: number) => boolean) {
  const mock = await startMockTokenEndpoint();
  const source = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
  });
  const api = await startApi((response, index, { headers }) =>
    isAccepted(String(headers.authorization), index) ? sendJson(response, { ok: true }) : sendJson(response, {}, 401),
  );
  const caller = createApiCaller({ baseUrl: api.origin, scope: mock.scope, tokens: source, allowHttpLoopback: true });
  onTestFinished(async () => {
    await caller.close();
    await source.close();
    await mock.close();
  });
  return { caller, source, scope: mock.scope, tokenRequests: () => mock.journal.filter(({ form }) => form !== undefined).length };
}

test('a hundred calls at once whose token was revoked cause one request for another', async () => {
  let revoked = '';
  const { caller, source, scope, tokenRequests } = await start((token) => token !== revoked);
  revoked = `Bearer ${(await source.getToken(scope)).value}`;
  const answers = await Promise.all(Array.from({ length: 100 }, () => caller.getJson('/x')));
  expect([answers.length, tokenRequests()]).toEqual([100, 2]);
});

test('an API that always answers 401 gets two requests for a call, and then there is an error that says what to check', async () => {
  let requests = 0;
  const { caller, tokenRequests } = await start(() => {
    requests += 1;
    return false;
  });
  expect(await rejectionOf(caller.getJson('/x'))).toMatchObject({
    status: 401,
    message: expect.stringContaining('`scope` names this API'),
  });
  expect([requests, tokenRequests()]).toEqual([2, 2]);
});

test('a call that is ended while the token is on its way leaves it to the others', async () => {
  const { caller, tokenRequests } = await start(() => true);
  const controller = new AbortController();
  const ended = rejectionOf(caller.getJson('/x', { signal: controller.signal }));
  const other = caller.getJson('/x');
  controller.abort(new Error('enough'));
  expect(await ended).toMatchObject({ message: 'enough' });
  expect([await other, tokenRequests()]).toEqual([{ ok: true }, 1]);
});
