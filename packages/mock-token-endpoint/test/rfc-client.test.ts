/** Who may ask the RFC face for tokens: registration, secrets in header and body, and one method at a time. RFC 6749 §2.3 and §5.2. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, GRANT, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const AWKWARD = { id: 'a:b c', secret: 'p+q%r/é~.' };

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness({
    tenants: {
      'contoso.example': {
        clients: {
          [AWKWARD.id]: { secrets: ['another', AWKWARD.secret] },
          disabled: { secrets: ['s'], disabled: true },
          'without-consent': { secrets: ['s'], consented: false },
          expired: { expiredSecrets: ['old'] },
        },
      },
    },
  });
});
afterAll(() => harness.close());

describe('client_secret_basic', () => {
  test('CC-09: id and secret are form-encoded, each on its own, and decoded here', async () => {
    const reply = await harness.ask(GRANT, { headers: { authorization: 'Basic YSUzQWIrYzpwJTJCcSUyNXIlMkYlQzMlQTl+Lg==' } });
    expect(reply.status).toBe(200);
    expect(harness.mock.journal.at(-1)?.clientId).toBe(AWKWARD.id);
  });

  test('CC-10: a secret sent as it is does not match once it is decoded', async () => {
    expect((await harness.ask(GRANT, { headers: basic('a%3Ab+c', AWKWARD.secret) })).status).toBe(401);
  });

  test.each(['Basic %%%', 'Basic bm8gY29sb24=', 'Basic JTozOg=='])('%s is no client', async (authorization) => {
    const reply = await harness.ask(GRANT, { headers: { authorization } });
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
  });

  test('the body may name the same client again, and no other', async () => {
    const { clientId, clientSecret } = harness.mock;
    const headers = basic(clientId, clientSecret);
    expect((await harness.ask({ ...GRANT, client_id: clientId }, { headers })).status).toBe(200);
    const reply = await harness.ask({ ...GRANT, client_id: 'disabled' }, { headers });
    expect([reply.status, reply.json.error]).toEqual([400, 'invalid_request']);
  });
});

test('client_secret_post: id and secret stand in the body', async () => {
  expect((await harness.ask({ ...GRANT, client_id: AWKWARD.id, client_secret: AWKWARD.secret })).status).toBe(200);
});

test('CC-28: a failed authentication is 401 with a Basic challenge, and says no more than RFC 6749 §5.2', async () => {
  const reply = await harness.ask({ ...harness.secretFields(), client_secret: 'wrong' });
  expect(reply.status).toBe(401);
  expect(reply.headers).toMatchObject({
    'www-authenticate': 'Basic realm="mock", charset="UTF-8"',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'content-type': 'application/json; charset=utf-8',
  });
  expect(reply.json).toEqual({ error: 'invalid_client', error_description: 'The client secret is wrong.' });
  expect(harness.mock.journal.at(-1)?.checks.at(-1)).toEqual({
    name: 'the secret is registered for the client (client_secret_post)',
    passed: false,
    section: 'RFC 6749 §2.3.1',
  });
});

const refused: { title: string; fields: () => Record<string, string | undefined>; status: number; error: string }[] = [
  { title: 'no client', fields: () => ({}), status: 401, error: 'invalid_client' },
  { title: 'no credential', fields: () => ({ client_id: harness.mock.clientId }), status: 401, error: 'invalid_client' },
  {
    title: 'an empty secret',
    fields: () => ({ client_id: harness.mock.clientId, client_secret: '' }),
    status: 401,
    error: 'invalid_client',
  },
  { title: 'a secret of nobody', fields: () => ({ client_secret: 's' }), status: 401, error: 'invalid_client' },
  { title: 'an unknown client', fields: () => ({ client_id: 'nobody', client_secret: 's' }), status: 401, error: 'invalid_client' },
  { title: 'an expired secret', fields: () => ({ client_id: 'expired', client_secret: 'old' }), status: 401, error: 'invalid_client' },
  { title: 'a disabled client', fields: () => ({ client_id: 'disabled', client_secret: 's' }), status: 401, error: 'invalid_client' },
  {
    title: 'a client nobody consented to',
    fields: () => ({ client_id: 'without-consent', client_secret: 's' }),
    status: 400,
    error: 'unauthorized_client',
  },
];
test.each(refused)('$title is $error', async ({ fields, status, error }) => {
  const reply = await harness.ask({ ...GRANT, ...fields() });
  expect([reply.status, reply.json.error]).toEqual([status, error]);
});

test('CC-08: two methods in one request are invalid_request, whichever they are', async () => {
  const { clientId, clientSecret } = harness.mock;
  const assertion = harness.assertionFields(await harness.rfcAssertion());
  const headers = basic(clientId, clientSecret);
  for (const reply of [
    await harness.ask(harness.secretFields(), { headers }),
    await harness.ask(assertion, { headers }),
    await harness.ask({ ...assertion, client_secret: clientSecret }),
  ]) {
    expect([reply.status, reply.json.error]).toEqual([400, 'invalid_request']);
  }
});

test('what a client sent stands in an error only as printable ASCII, and not at any length', async () => {
  const reply = await harness.ask({ ...GRANT, client_id: 'a"b\\c\r\nd é', client_secret: 's' });
  expect(reply.json.error_description).toBe('No client is registered as a?b?c??d ?.');
  const long = await harness.ask({ ...GRANT, client_id: 'x'.repeat(100_000), client_secret: 's' });
  expect(long.json.error_description).toHaveLength(500);
});
