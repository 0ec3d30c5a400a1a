/** Client assertions at the token endpoint: the forms real clients send, and every way to get one wrong. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificates, type KeyedCertificate } from '../src/pki/certificates.ts';
import { type Fields, type Harness, JWT_BEARER, NOW_MS, NOW_SECONDS, startHarness, thumbprint } from './harness.ts';

const TENANT = 'contoso.example';
const CLIENT = '11111111-2222-4333-8444-555555555555';

let harness: Harness;
let certificate: X509Certificate;
let expired: KeyedCertificate;
beforeAll(async () => {
  expired = (await createCertificates({ realMs: NOW_MS, injectedMs: NOW_MS - 2 * 365 * 86_400_000 })).client;
  harness = await startHarness({ tenants: { [TENANT]: { clients: { [CLIENT]: { certificates: [expired.certificate] } } } } });
  certificate = new X509Certificate(readFileSync(harness.mock.certificateFile));
});
afterAll(() => harness.close());

type Changes = Parameters<Harness['assertion']>[0];
const present = async (changes: Changes, fields: Fields = {}) =>
  harness.post({ ...harness.assertionFields(await harness.assertion(changes)), ...fields });

describe('accepted', () => {
  test('PS256 with x5t#S256 gets a token that says its client used a certificate', async () => {
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

describe('refused', () => {
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signedByForeigner = async (header: object) =>
    new SignJWT(decodeJwt(await harness.assertion()))
      .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(certificate, 'sha256'), ...header })
      .sign(foreign.privateKey);
  const withCriticalHeader = async () =>
    new SignJWT(decodeJwt(await harness.assertion()))
      .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint(certificate, 'sha256'), crit: ['novel'], novel: true })
      .sign(createPrivateKey(readFileSync(harness.mock.privateKeyFile)), { crit: { novel: true } });
  const raw = (text: string, fields: Fields = {}) => harness.post({ ...harness.assertionFields(text), ...fields });
  const withoutSignature = async (header: object) => {
    const [, claims] = (await harness.assertion()).split('.');
    return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.`;
  };

  const refusals: { title: string; send: () => ReturnType<Harness['post']>; status: number; error: string; code: number }[] = [
    {
      title: 'no client_assertion_type',
      send: () => present({}, { client_assertion_type: undefined }),
      status: 400,
      error: 'invalid_request',
      code: 900144,
    },
    {
      title: 'another client_assertion_type',
      send: () => present({}, { client_assertion_type: JWT_BEARER.replace('jwt', 'saml2') }),
      status: 400,
      error: 'invalid_request',
      code: 50027,
    },
    { title: 'two parts', send: () => raw('e30.e30'), status: 400, error: 'invalid_request', code: 50027 },
    { title: 'claims that are no JSON', send: () => raw('e30.YQ.YQ'), status: 400, error: 'invalid_request', code: 50027 },
    {
      title: 'an assertion over 64 KiB',
      send: () => present({ claims: { long: 'a'.repeat(65_536) } }),
      status: 400,
      error: 'invalid_request',
      code: 50027,
    },
    {
      title: 'the type of another kind of JWT',
      send: () => present({ header: { typ: 'dpop+jwt' } }),
      status: 400,
      error: 'invalid_request',
      code: 5002727,
    },
    { title: 'PS384', send: () => present({ header: { alg: 'PS384' } }), status: 401, error: 'invalid_client', code: 5002738 },
    {
      title: 'the algorithm none',
      send: async () => raw(await withoutSignature({ alg: 'none' })),
      status: 401,
      error: 'invalid_client',
      code: 5002738,
    },
    {
      title: 'neither thumbprint nor kid',
      send: () => present({ header: { 'x5t#S256': undefined } }),
      status: 401,
      error: 'invalid_client',
      code: 5002723,
    },
    {
      title: 'a kid alone',
      send: () => present({ header: { 'x5t#S256': undefined, kid: 'mine' } }),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    {
      title: 'an unknown thumbprint',
      send: () => present({ header: { 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' } }),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    {
      title: 'a known thumbprint beside an unknown one',
      send: () => present({ header: { x5t: 'T8Qp8fPmVYqb9iHyzQUaAbxBedY' } }),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    {
      title: 'a foreign signature',
      send: async () => raw(await signedByForeigner({})),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    {
      title: 'a foreign key that the token brings along',
      send: async () => raw(await signedByForeigner({ jwk: await exportJWK(foreign.publicKey) })),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    {
      title: 'a critical header nobody knows',
      send: async () => raw(await withCriticalHeader()),
      status: 401,
      error: 'invalid_client',
      code: 700027,
    },
    ...['iss', 'sub', 'aud', 'exp'].map((name) => ({
      title: `no ${name}`,
      send: () => present({ claims: { [name]: undefined } }),
      status: 400,
      error: 'invalid_request',
      code: 90014,
    })),
    {
      title: 'an iss that is not the sub',
      send: () => present({ claims: { iss: CLIENT } }),
      status: 401,
      error: 'invalid_client',
      code: 50048,
    },
    {
      title: 'a sub that is not the client_id',
      send: () => present({ claims: { iss: CLIENT, sub: CLIENT } }),
      status: 401,
      error: 'invalid_client',
      code: 700021,
    },
    {
      title: 'an expired assertion',
      send: () => present({ claims: { nbf: NOW_SECONDS - 600, exp: NOW_SECONDS - 300 } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: 'an assertion of the future',
      send: () => present({ claims: { nbf: NOW_SECONDS + 301, exp: NOW_SECONDS + 601 } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: 'a future iat without nbf',
      send: () => present({ claims: { nbf: undefined, iat: NOW_SECONDS + 301 } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: 'a lifetime over ten minutes',
      send: () => present({ claims: { exp: NOW_SECONDS + 602 } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: 'an exp that is no number',
      send: () => present({ claims: { exp: 'soon' } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: 'an exp beyond any date',
      send: () => present({ claims: { exp: 1e300 } }),
      status: 401,
      error: 'invalid_client',
      code: 700024,
    },
    {
      title: "another tenant's endpoint as audience",
      send: () => present({ claims: { aud: harness.mock.tokenEndpoint.replace(harness.mock.tenantId, TENANT) } }),
      status: 401,
      error: 'invalid_client',
      code: 700023,
    },
    {
      title: 'two audiences',
      send: () => present({ claims: { aud: [harness.mock.tokenEndpoint, 'https://other.example'] } }),
      status: 401,
      error: 'invalid_client',
      code: 5002741,
    },
  ];
  test.each(refusals)('$title is AADSTS$code', async ({ send, status, error, code }) => {
    const reply = await send();
    expect({ status: reply.status, error: reply.json.error, codes: reply.json.error_codes }).toEqual({ status, error, codes: [code] });
    expect(reply.json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(reply.json.error_description).not.toMatch(/[{}]|unknown/);
  });

  test('an expired certificate is AADSTS1000502, however good the signature', async () => {
    const url = `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token`;
    const assertion = await new SignJWT({ ...decodeJwt(await harness.assertion()), aud: url, iss: CLIENT, sub: CLIENT })
      .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint(new X509Certificate(expired.certificate), 'sha256') })
      .sign(createPrivateKey(expired.privateKey));
    const reply = await harness.post({ ...harness.assertionFields(assertion), client_id: CLIENT }, { url });
    expect([reply.status, reply.json.error_codes]).toEqual([401, [1000502]]);
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
