/** Taking a token back, and asking about one. RFC 7009 §2, RFC 7662 §2. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createRfcState } from '../src/rfc/state.ts';
import { NOW_SECONDS } from './harness.ts';
import { basic, createProver, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const OTHER = basic('other', 's');

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness({ tenants: { 'contoso.example': { clients: { other: { secrets: ['s'] } } } } });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const own = () => basic(harness.mock.clientId, harness.mock.clientSecret);
const rfcToken = async () => (await harness.ask(harness.secretFields())).json.access_token as string;
const revoke = (fields: Record<string, string>, headers = own()) => harness.ask(fields, { url: `${harness.mock.issuer}/revoke`, headers });
const introspect = (fields: Record<string, string>, headers = own()) =>
  harness.ask(fields, { url: `${harness.mock.issuer}/introspect`, headers });

test('EX-04: an active token is described, to any client that authenticates', async () => {
  const { mock } = harness;
  const reply = await introspect({ token: await rfcToken(), token_type_hint: 'refresh_token' }, OTHER);
  expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(reply.json).toEqual({
    active: true,
    iss: mock.issuer,
    sub: mock.clientId,
    client_id: mock.clientId,
    aud: 'api://mock-graph',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 3600,
    jti: expect.any(String),
    scope: 'User.Read.All',
    token_type: 'Bearer',
  });
});

test('a token bound to a key is described with it, RFC 9449 §6.2', async () => {
  const prover = await createProver();
  const headers = { dpop: await prover.proof(`${harness.mock.issuer}/token`) };
  const { json } = await harness.ask(harness.secretFields(), { headers });
  expect((await introspect({ token: json.access_token })).json).toMatchObject({ token_type: 'DPoP', cnf: { jkt: prover.jkt } });
});

test('EX-04: of what is unknown, expired, revoked or of another issuer nothing is said', async () => {
  const token = await rfcToken();
  const revoked = await rfcToken();
  await revoke({ token: revoked });
  for (const useless of ['unknown', '.'.repeat(300_000), `${token}A`, await harness.accessToken(), revoked]) {
    expect((await introspect({ token: useless })).json).toEqual({ active: false });
  }
  harness.mock.advanceClock(3_600_000);
  expect((await introspect({ token })).json).toEqual({ active: false });
});

test('EX-03: a revoked token opens nothing until the mock is reset, and another one still does', async () => {
  const token = await rfcToken();
  const another = await rfcToken();
  const reply = await revoke({ token });
  expect([reply.status, reply.text]).toEqual([200, '']);
  const refused = await harness.callApi('users', { token });
  expect([refused.status, refused.json.error.message]).toEqual([401, 'The access token has been revoked.']);
  expect((await harness.callApi('users', { token: another })).status).toBe(200);
  harness.mock.reset();
  expect((await harness.callApi('users', { token })).status).toBe(200);
});

test('EX-03: revoking what is no token, or revoked already, is a success', async () => {
  const token = await rfcToken();
  for (const each of ['unknown', await harness.accessToken(), token, token]) expect((await revoke({ token: each })).status).toBe(200);
});

test('a token of another client is not revoked, and the client is told', async () => {
  const token = await rfcToken();
  const reply = await revoke({ token }, OTHER);
  expect([reply.status, reply.json.error]).toEqual([400, 'invalid_grant']);
  expect((await introspect({ token })).json.active).toBe(true);
});

test.each(['revoke', 'introspect'])('%s wants an authenticated client, a POST and a token', async (path) => {
  const url = `${harness.mock.issuer}/${path}`;
  expect((await harness.ask({ token: 'x' }, { url })).json.error).toBe('invalid_client');
  expect((await harness.ask({}, { url, headers: own() })).json.error).toBe('invalid_request');
  expect((await harness.send(url, { headers: own() })).json.error).toBe('invalid_request');
});

test('the journal has a digest in place of the token', async () => {
  const token = await rfcToken();
  await introspect({ token });
  expect(JSON.stringify(harness.mock.journal)).not.toContain(token.split('.')[2]);
  expect(harness.mock.journal.at(-1)?.form?.['token']).toMatch(/^sha256:[\w-]{43}$/);
});

test('these requests take no answer from the queue, which is for token requests', async () => {
  harness.mock.enqueue({ status: 503 });
  expect((await revoke({ token: 'x' })).status).toBe(200);
  expect((await introspect({ token: 'x' })).status).toBe(200);
  expect((await harness.ask(harness.secretFields())).status).toBe(503);
});

test('a revocation is remembered until the token expires, and 100,000 of them at most', () => {
  const state = createRfcState({ demandsNonce: false, nonceSecret: 's' });
  const until = { nowMs: 0, expiresAtMs: 1000 };
  for (let jti = 0; jti <= 100_000; jti += 1) state.revoke(`${jti}`, until);
  expect(['0', '1', '100000'].map((jti) => state.isRevoked(jti, { nowMs: 999 }))).toEqual([false, true, true]);
  expect(state.isRevoked('1', { nowMs: 1000 })).toBe(false);
});
