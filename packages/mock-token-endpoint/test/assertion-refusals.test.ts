/** Every way to get a client assertion wrong, and what Entra says to each. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, test } from 'vitest';
import { type Fields, type Harness, JWT_BEARER, NOW_MS, NOW_SECONDS, startHarness, thumbprint } from './harness.ts';
import { expectRefusal, INVALID_CLIENT, INVALID_REQUEST, type Refusal } from './refusal.ts';

const OTHER = '11111111-2222-4333-8444-555555555555';
const YEAR_MS = 365 * 86_400_000;

let harness: Harness;
let certificate: X509Certificate;
beforeAll(async () => {
  harness = await startHarness({ seed: 'refused assertions' });
  certificate = new X509Certificate(readFileSync(harness.mock.certificateFile));
});
afterAll(() => harness.close());

type Changes = Parameters<Harness['assertion']>[0];
const present = async (changes: Changes, fields: Fields = {}) =>
  harness.post({ ...harness.assertionFields(await harness.assertion(changes)), ...fields });

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

const refusals: Refusal[] = [
  {
    title: 'JA-01: no client_assertion_type',
    send: () => present({}, { client_assertion_type: undefined }),
    ...INVALID_REQUEST,
    code: 900144,
  },
  {
    title: 'another client_assertion_type',
    send: () => present({}, { client_assertion_type: JWT_BEARER.replace('jwt', 'saml2') }),
    ...INVALID_REQUEST,
    code: 50027,
  },
  { title: 'two parts', send: () => raw('e30.e30'), ...INVALID_REQUEST, code: 50027 },
  { title: 'claims that are no JSON', send: () => raw('e30.YQ.YQ'), ...INVALID_REQUEST, code: 50027 },
  {
    title: 'an assertion over 64 KiB',
    send: () => present({ claims: { long: 'a'.repeat(65_536) } }),
    ...INVALID_REQUEST,
    code: 50027,
  },
  {
    title: 'the type of another kind of JWT',
    send: () => present({ header: { typ: 'dpop+jwt' } }),
    ...INVALID_REQUEST,
    code: 5002727,
  },
  { title: 'PS384', send: () => present({ header: { alg: 'PS384' } }), ...INVALID_CLIENT, code: 5002738 },
  {
    title: 'the algorithm none',
    send: async () => raw(await withoutSignature({ alg: 'none' })),
    ...INVALID_CLIENT,
    code: 5002738,
  },
  {
    title: 'neither thumbprint nor kid',
    send: () => present({ header: { 'x5t#S256': undefined } }),
    ...INVALID_CLIENT,
    code: 5002723,
  },
  {
    title: 'a kid alone',
    send: () => present({ header: { 'x5t#S256': undefined, kid: 'mine' } }),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'an unknown thumbprint',
    send: () => present({ header: { 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' } }),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'a known thumbprint beside an unknown one',
    send: () => present({ header: { x5t: 'T8Qp8fPmVYqb9iHyzQUaAbxBedY' } }),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'a foreign signature',
    send: async () => raw(await signedByForeigner({})),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'a foreign key that the token brings along',
    send: async () => raw(await signedByForeigner({ jwk: await exportJWK(foreign.publicKey) })),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'a critical header nobody knows',
    send: async () => raw(await withCriticalHeader()),
    ...INVALID_CLIENT,
    code: 700027,
  },
  ...['iss', 'sub', 'aud', 'exp'].map((name) => ({
    title: `no ${name}`,
    send: () => present({ claims: { [name]: undefined } }),
    ...INVALID_REQUEST,
    code: 90014,
  })),
  {
    title: 'JA-03: an iss that is not the sub',
    send: () => present({ claims: { iss: OTHER } }),
    ...INVALID_CLIENT,
    code: 50048,
  },
  {
    title: 'JA-02: a sub that is not the client_id',
    send: () => present({ claims: { iss: OTHER, sub: OTHER } }),
    ...INVALID_CLIENT,
    code: 700021,
  },
  {
    title: 'an expired assertion',
    send: () => present({ claims: { nbf: NOW_SECONDS - 600, exp: NOW_SECONDS - 300 } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'an assertion of the future',
    send: () => present({ claims: { nbf: NOW_SECONDS + 301, exp: NOW_SECONDS + 601 } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'a future iat without nbf',
    send: () => present({ claims: { nbf: undefined, iat: NOW_SECONDS + 301 } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'a lifetime over ten minutes',
    send: () => present({ claims: { exp: NOW_SECONDS + 602 } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'an exp that is no number',
    send: () => present({ claims: { exp: 'soon' } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'an exp beyond any date',
    send: () => present({ claims: { exp: 1e300 } }),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: "ENT-23: another tenant's endpoint as audience",
    send: () => present({ claims: { aud: harness.mock.tokenEndpoint.replace(harness.mock.tenantId, 'contoso.example') } }),
    ...INVALID_CLIENT,
    code: 700023,
  },
  {
    title: 'JA-05: two audiences',
    send: () => present({ claims: { aud: [harness.mock.tokenEndpoint, 'https://other.example'] } }),
    ...INVALID_CLIENT,
    code: 5002741,
  },
];

/** An assertion with the key of a certificate that the own client has registered, but that is not valid now. */
const signedWith = async (validity: { notBeforeMs: number; notAfterMs: number }) => {
  const issued = await harness.mock.issueCertificate(validity);
  return new SignJWT(decodeJwt(await harness.assertion()))
    .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint(new X509Certificate(issued.certificate), 'sha256') })
    .sign(createPrivateKey(issued.privateKey));
};
const certificates: Refusal[] = [
  {
    title: 'an expired certificate',
    send: async () => raw(await signedWith({ notBeforeMs: NOW_MS - YEAR_MS, notAfterMs: NOW_MS - 1000 })),
    ...INVALID_CLIENT,
    code: 1000502,
  },
  {
    title: 'a certificate of the future',
    send: async () => raw(await signedWith({ notBeforeMs: NOW_MS + 1000, notAfterMs: NOW_MS + YEAR_MS })),
    ...INVALID_CLIENT,
    code: 1000502,
  },
];

test.each([...refusals, ...certificates])('$title is AADSTS$code', expectRefusal);
