/** When an assertion is taken: every time it names must be one, and must be right. RFC 7523 §3. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, NOW_SECONDS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const present = async (claims: object) => harness.post(harness.assertionFields(await harness.assertion({ claims })));

test.each([
  ['an nbf that is a date', { nbf: '2999-01-01' }],
  ['an nbf as text, with a fraction, to come', { nbf: `${NOW_SECONDS + 400}.5` }],
  ['an nbf that is null', { nbf: null }],
  ['an nbf that is an object', { nbf: {} }],
  ['an iat to come beside a good nbf', { iat: NOW_SECONDS + 400 }],
  ['an iat that is no time, without an nbf', { iat: 'x', nbf: undefined }],
  ['an exp that is a date', { exp: '2999-01-01' }],
])('%s is refused', async (_, claims) => {
  expect((await present(claims)).json).toMatchObject({ error: 'invalid_client', error_codes: [700024] });
});

test.each([
  ['text with a fraction', { nbf: `${NOW_SECONDS}.25`, exp: `${NOW_SECONDS + 60}.5` }],
  ['no nbf and no iat', { nbf: undefined, iat: undefined }],
  ['the clock of a client that is five minutes ahead', { nbf: NOW_SECONDS + 300, iat: NOW_SECONDS + 300, exp: NOW_SECONDS + 600 }],
])('%s is taken', async (_, claims) => {
  expect((await present(claims)).status).toBe(200);
});

test('the audience of a domain name’s endpoint may be written with the tenant’s GUID', async () => {
  const { authorityHost } = harness.mock;
  const { json } = await harness.send(`${authorityHost}/contoso.example/v2.0/.well-known/openid-configuration`);
  const assertion = await harness.assertion({ claims: { aud: json.token_endpoint } });
  const url = `${authorityHost}/contoso.example/oauth2/v2.0/token`;
  expect((await harness.post(harness.assertionFields(assertion), { url })).status).toBe(200);
});
