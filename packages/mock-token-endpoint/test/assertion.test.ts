/** Client assertions at the token endpoint: the forms that real clients send, and how often one is taken. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fields, type Harness, NOW_SECONDS, startHarness, thumbprint } from './harness.ts';

let harness: Harness;
let certificate: X509Certificate;
beforeAll(async () => {
  harness = await startHarness({ seed: 'assertion' });
  certificate = new X509Certificate(readFileSync(harness.mock.certificateFile));
});
afterAll(() => harness.close());

type Changes = Parameters<Harness['assertion']>[0];
const present = async (changes: Changes, fields: Fields = {}) =>
  harness.post({ ...harness.assertionFields(await harness.assertion(changes)), ...fields });

describe('accepted', () => {
  test('ENT-15: PS256 with x5t#S256 gets a token that says its client used a certificate', async () => {
    const reply = await present({});
    expect(reply.status).toBe(200);
    expect(decodeJwt(reply.json.access_token)).toMatchObject({ appid: harness.mock.clientId, azpacr: '2' });
  });

  const forms: { title: string; changes: () => Changes; fields?: Fields }[] = [
    { title: 'RS256 with x5t', changes: () => ({ header: { alg: 'RS256', 'x5t#S256': undefined, x5t: thumbprint(certificate, 'sha1') } }) },
    { title: 'an x5t with padding', changes: () => ({ header: { 'x5t#S256': undefined, x5t: `${thumbprint(certificate, 'sha1')}=` } }) },
    { title: 'both thumbprints', changes: () => ({ header: { x5t: thumbprint(certificate, 'sha1') } }) },
    { title: 'no typ', changes: () => ({ header: { typ: undefined } }) },
    { title: 'an x5c', changes: () => ({ header: { x5c: [certificate.raw.toString('base64')] } }) },
    { title: 'no client_id in the body', changes: () => ({}), fields: { client_id: undefined } },
    { title: 'no nbf, and ten minutes', changes: () => ({ claims: { nbf: undefined, exp: NOW_SECONDS + 600 } }) },
    { title: 'fractional times', changes: () => ({ claims: { nbf: undefined, iat: NOW_SECONDS + 0.25, exp: NOW_SECONDS + 600.75 } }) },
    { title: 'times as strings', changes: () => ({ claims: { nbf: String(NOW_SECONDS), exp: String(NOW_SECONDS + 600) } }) },
    {
      title: 'a clock five minutes fast',
      changes: () => ({ claims: { nbf: NOW_SECONDS + 300, iat: NOW_SECONDS + 300, exp: NOW_SECONDS + 900 } }),
    },
    {
      title: 'a clock almost ten minutes slow',
      changes: () => ({ claims: { nbf: NOW_SECONDS - 599, iat: NOW_SECONDS - 599, exp: NOW_SECONDS - 299 } }),
    },
    { title: 'an audience in a list of one', changes: () => ({ claims: { aud: [harness.mock.tokenEndpoint] } }) },
    {
      title: 'the issuer as audience',
      changes: () => ({ claims: { aud: `${harness.mock.authorityHost}/${harness.mock.tenantId}/v2.0` } }),
    },
    { title: 'no jti', changes: () => ({ claims: { jti: undefined } }) },
  ];
  test.each(forms)('$title is accepted', async ({ changes, fields }) => {
    expect((await present(changes(), fields)).json).toMatchObject({ token_type: 'Bearer' });
  });
});

describe('reuse', () => {
  test('a jti is accepted once, by whichever of two requests comes first', async () => {
    const fields = harness.assertionFields(await harness.assertion());
    const replies = await Promise.all([harness.post(fields), harness.post(fields)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
    const again = await harness.post(fields);
    expect([again.status, again.json.error, again.json.error_codes]).toEqual([400, 'invalid_request', [50027]]);
    expect(again.json.error_description).toContain("The 'jti' of the client assertion has been used before.");
  });

  test('an assertion that is refused for another reason has not used its jti', async () => {
    const claims = { jti: 'kept' };
    expect((await present({ claims: { ...claims, aud: 'https://elsewhere.example' } })).json.error_codes).toEqual([700023]);
    expect((await present({ claims })).status).toBe(200);
  });

  test('a jti may come again when the assertion that used it can no longer be accepted', async () => {
    const at = (seconds: number) => ({ claims: { jti: 'again', iat: seconds, nbf: seconds, exp: seconds + 300 } });
    expect((await present(at(NOW_SECONDS))).status).toBe(200);
    harness.mock.advanceClock(599_999);
    expect((await present(at(NOW_SECONDS + 599))).json.error_codes).toEqual([50027]);
    harness.mock.advanceClock(1);
    expect((await present(at(NOW_SECONDS + 600))).status).toBe(200);
    harness.mock.reset();
  });
});
