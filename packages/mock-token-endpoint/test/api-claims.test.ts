/** Claims challenges: the API refuses a token until one was asked for with the claims it names. Entra: claims challenges. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MockError } from '../src/index.ts';
import { type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const REQUIRED = { access_token: { nbf: { essential: true, value: '1604106651' } } };

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const requireClaims = (claims: { access_token: object } = REQUIRED) =>
  harness.mock.addRule({ match: { path: /^\/graph\// }, answer: { requireClaims: claims } });
const entraToken = async (claims?: unknown) =>
  (await harness.post({ ...harness.secretFields(), ...(claims === undefined ? {} : { claims: JSON.stringify(claims) }) })).json
    .access_token;
const rfcToken = async (claims: unknown) =>
  (await harness.ask({ ...harness.secretFields(), claims: JSON.stringify(claims) })).json.access_token;

test('ENT-51: the challenge is insufficient_claims with the claims in base64, beside the other schemes', async () => {
  requireClaims();
  const reply = await harness.callApi('users', { token: await entraToken() });
  expect(reply.status).toBe(401);
  const [bearer] = String(reply.headers['www-authenticate']).split(', DPoP ');
  expect(bearer).toBe(
    `Bearer realm="", authorization_uri="${harness.mock.authorityHost}/common/oauth2/authorize", error="insufficient_claims", ` +
      `error_description="The access token was not asked for with the claims that are needed.", ` +
      `claims="${Buffer.from(JSON.stringify(REQUIRED)).toString('base64')}"`,
  );
  expect(reply.json.error.code).toBe('InvalidAuthenticationToken');
});

test('ENT-52: a token asked for with these claims is taken, of either face, with more claims beside them', async () => {
  requireClaims();
  const merged = { access_token: { ...REQUIRED.access_token, xms_cc: { values: ['cp1'] } }, id_token: {} };
  for (const token of [await entraToken(merged), await rfcToken(merged), await rfcToken(REQUIRED)]) {
    expect((await harness.callApi('users', { token })).status).toBe(200);
  }
});

test.each([
  [{}],
  [{ access_token: null }],
  [{ access_token: { nbf: null } }],
  [{ access_token: { nbf: { essential: true, value: '1604106652' } } }],
  [{ id_token: REQUIRED.access_token }],
  [{ access_token: { xms_cc: { values: ['cp1'] } } }],
])('a token asked for with %j is not', async (claims) => {
  requireClaims();
  expect((await harness.callApi('users', { token: await entraToken(claims) })).status).toBe(401);
});

test('lists are compared member by member', async () => {
  requireClaims({ access_token: { acrs: { values: ['c1', 'c2'] } } });
  const asked = (values: string[]) => entraToken({ access_token: { acrs: { values } } });
  expect((await harness.callApi('users', { token: await asked(['c1', 'c2', 'c3']) })).status).toBe(200);
  expect((await harness.callApi('users', { token: await asked(['c2', 'c1']) })).status).toBe(401);
});

test('a request that is refused anyway keeps its own challenge', async () => {
  requireClaims();
  const reply = await harness.callApi('users');
  expect(reply.headers['www-authenticate']).not.toContain('insufficient_claims');
});

test('claims that are no JSON, too long or too deep are remembered by no token or serve no challenge, and break nothing', async () => {
  requireClaims();
  const deep = `{"access_token":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
  for (const claims of ['{', deep, `"${'x'.repeat(16_384)}"`]) {
    const { status, json } = await harness.ask({ ...harness.secretFields(), claims });
    expect(status).toBe(200);
    if (claims.length > 16_384) expect(decodeJwt(json.access_token)).not.toHaveProperty('mock_claims');
    else if (claims === '{') expect((await harness.callApi('users', { token: json.access_token })).status).toBe(401);
  }
});

test.each([{}, { nbf: {} }, { access_token: 'nbf' }, 'nbf'])('%j is no claims request, and is refused when it is scripted', (claims) => {
  const answer = { requireClaims: claims as typeof REQUIRED };
  expect(() => harness.mock.addRule({ answer })).toThrow(MockError);
});
