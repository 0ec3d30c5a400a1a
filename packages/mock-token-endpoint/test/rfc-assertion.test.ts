/** What the RFC face wants of a client assertion, signed with a secret or with a registered key. RFC 7523 §3, RFC 10070 §4. */
import { createPrivateKey, createSecretKey, X509Certificate } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOW_SECONDS, thumbprint } from './harness.ts';
import { selfSigned } from './openssl.ts';
import { GRANT, type KeyedCertificate, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const CLIENT = 'daemon-of-many-keys';
const LONG_SECRET = 'an octet more than the 31 that HS256 refuses';
const ec = (curve: string) => selfSigned(['ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]);
const KEYS = { ES256: ec('P-256'), ES384: ec('P-384'), ES512: ec('P-521'), Ed25519: selfSigned(['ed25519']) };
// What no program can turn into text.
const ODD = { toString: 1, valueOf: 1 };
const EXPIRED = selfSigned(['ed25519'], { days: 1 });

let harness: RfcHarness;
let lenient: RfcHarness;
beforeAll(async () => {
  const certificates = [...Object.values(KEYS), EXPIRED].map(({ certificate }) => certificate);
  const clients = {
    [CLIENT]: { certificates, secrets: ['rotating', LONG_SECRET] },
    'short-secret': { secrets: ['31 octets are one short of 256.'] },
    disabled: { certificates, disabled: true },
  };
  [harness, lenient] = await Promise.all([
    startRfcHarness({ tenants: { 'contoso.example': { clients } } }),
    startRfcHarness({ profile: 'lenient' }),
  ]);
});
afterEach(() => harness.mock.reset());
afterAll(() => Promise.all([harness.close(), lenient.close()]));

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ask = (assertion: string, fields = {}, on = harness) =>
  on.ask({ ...GRANT, client_assertion_type: TYPE, client_assertion: assertion, ...fields });

/** Signed by hand with one of the keys, or with a secret. */
function signed(
  key: KeyedCertificate | string,
  header: Record<string, unknown> & { alg: string },
  claims: JWTPayload = {},
): Promise<string> {
  const iss = typeof key === 'string' && key.length < 32 ? 'short-secret' : CLIENT;
  const payload = { iss, sub: iss, aud: harness.mock.issuer, jti: `${Math.random()}`, exp: NOW_SECONDS + 60, ...claims };
  const signingKey = typeof key === 'string' ? createSecretKey(Buffer.from(key)) : createPrivateKey(key.privateKey);
  return new SignJWT(payload).setProtectedHeader(header as JWTHeaderParameters).sign(signingKey);
}

describe('private_key_jwt', () => {
  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'])('%s with the registered RSA key is taken', async (alg) => {
    expect((await ask(await harness.rfcAssertion({ header: { alg } }))).status).toBe(200);
  });

  test.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('%s without a key id is tried with every registered key', async (alg) => {
    expect((await ask(await signed(KEYS[alg], { alg }))).status).toBe(200);
  });

  test('EdDSA is the older name of Ed25519', async () => {
    expect((await ask(await signed(KEYS.Ed25519, { alg: 'EdDSA' }))).status).toBe(200);
  });

  test('the key is named by kid, x5t#S256 or x5t, and everything that names one must name the same', async () => {
    const certificate = new X509Certificate(KEYS.ES256.certificate);
    const names = {
      kid: thumbprint(certificate, 'sha256'),
      'x5t#S256': thumbprint(certificate, 'sha256'),
      x5t: thumbprint(certificate, 'sha1'),
    };
    const other = thumbprint(new X509Certificate(KEYS.ES384.certificate), 'sha256');
    for (const [name, value] of Object.entries(names)) {
      expect((await ask(await signed(KEYS.ES256, { alg: 'ES256', [name]: value }))).status).toBe(200);
    }
    const reply = await ask(await signed(KEYS.ES256, { alg: 'ES256', ...names, kid: other }));
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
  });

  test('JA-05: an audience alone in an array is taken', async () => {
    expect((await ask(await harness.rfcAssertion({ claims: { aud: [harness.mock.issuer] } }))).status).toBe(200);
  });

  test('JA-12: a type is not needed', async () => {
    expect((await ask(await harness.rfcAssertion({ header: { typ: undefined } }))).status).toBe(200);
  });

  test('JA-10: nbf and iat are not needed', async () => {
    expect((await ask(await harness.rfcAssertion({ claims: { nbf: undefined, iat: undefined } }))).status).toBe(200);
  });

  const future = NOW_SECONDS + 301;
  const bad: { title: string; changes: () => { header?: object; claims?: object }; says: string }[] = [
    { title: 'JO-17: the type of another kind of JWT', changes: () => ({ header: { typ: 'dpop+jwt' } }), says: 'typ' },
    { title: 'JA-12: the type that Entra wants', changes: () => ({ header: { typ: 'JWT' } }), says: 'typ' },
    { title: 'JA-04: the token endpoint as audience', changes: () => ({ claims: { aud: `${harness.mock.issuer}/token` } }), says: 'aud' },
    { title: 'JA-04: the issuer with a slash more', changes: () => ({ claims: { aud: `${harness.mock.issuer}/` } }), says: 'aud' },
    { title: 'JA-05: two audiences', changes: () => ({ claims: { aud: [harness.mock.issuer, 'https://b.example'] } }), says: 'aud' },
    { title: 'no audience', changes: () => ({ claims: { aud: undefined } }), says: 'aud' },
    { title: 'JA-03: another issuer', changes: () => ({ claims: { iss: 'somebody' } }), says: 'iss' },
    { title: 'JA-03: another subject', changes: () => ({ claims: { sub: CLIENT } }), says: 'sub' },
    { title: 'JA-08: no exp', changes: () => ({ claims: { exp: undefined } }), says: 'exp' },
    { title: 'an exp that is a string', changes: () => ({ claims: { exp: `${NOW_SECONDS + 60}` } }), says: 'exp' },
    { title: 'an exp five minutes ago', changes: () => ({ claims: { exp: NOW_SECONDS - 300 } }), says: 'exp' },
    { title: 'JA-08: a life of more than ten minutes', changes: () => ({ claims: { exp: NOW_SECONDS + 602 } }), says: 'longer' },
    { title: 'an nbf to come', changes: () => ({ claims: { nbf: future } }), says: 'nbf' },
    { title: 'an iat to come', changes: () => ({ claims: { iat: future, exp: future + 60 } }), says: 'iat' },
    { title: 'an iat that is no number', changes: () => ({ claims: { iat: 'now' } }), says: 'iat' },
    { title: 'a subject that is an object', changes: () => ({ claims: { iss: ODD, sub: ODD } }), says: 'sub' },
    { title: 'a type that is an object', changes: () => ({ header: { typ: ODD } }), says: 'typ' },
    { title: 'a jti that is an object', changes: () => ({ claims: { jti: ODD } }), says: 'jti' },
    { title: 'a kid of no registered key', changes: () => ({ header: { kid: 'unknown' } }), says: 'kid' },
    { title: 'a thumbprint of no registered certificate', changes: () => ({ header: { 'x5t#S256': 'unknown' } }), says: 'kid' },
  ];
  test.each(bad)('$title is invalid_client', async ({ changes, says }) => {
    const reply = await ask(await harness.rfcAssertion(changes()), { client_id: harness.mock.clientId });
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
    expect(reply.json.error_description).toContain(says);
  });

  test('the key in the header is not the key: jwk, x5c and their like are not looked at', async () => {
    const jwk = createPrivateKey(KEYS.ES256.privateKey).export({ format: 'jwk' });
    const foreign = selfSigned(['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
    const header = { alg: 'ES256', jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, kid: undefined };
    const reply = await ask(await signed(foreign, header));
    expect([reply.status, reply.json.error_description]).toEqual([401, 'The signature of the client assertion is invalid.']);
  });

  test('CE-04: the key of an expired certificate is none', async () => {
    const x5t = thumbprint(new X509Certificate(EXPIRED.certificate), 'sha1');
    const reply = await ask(await signed(EXPIRED, { alg: 'Ed25519', x5t }));
    expect([reply.status, reply.json.error_description]).toEqual([401, expect.stringContaining('expired')]);
  });

  test('JA-11: an assertion that nobody signed is refused', async () => {
    const [, payload] = (await harness.rfcAssertion()).split('.');
    const reply = await ask(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`);
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
  });

  test.each(['not a JWT', '.'.repeat(70_000), 'e30.e30.'])('an assertion that cannot be read is refused (%#)', async (assertion) => {
    expect((await ask(assertion, { client_id: CLIENT })).json.error).toBe('invalid_client');
  });

  test('JA-01: client_assertion_type must be jwt-bearer', async () => {
    for (const client_assertion_type of [undefined, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']) {
      expect((await ask(await harness.rfcAssertion(), { client_assertion_type })).json.error).toBe('invalid_client');
    }
  });

  test('JA-09: an assertion is good once, and not spent by a request that is refused for something else', async () => {
    const assertion = await harness.rfcAssertion({ claims: { nbf: future } });
    expect((await ask(assertion)).status).toBe(401);
    harness.mock.advanceClock(1000);
    expect((await ask(assertion)).status).toBe(200);
    const again = await ask(assertion);
    expect([again.status, again.json.error_description]).toEqual([401, 'The jti of the client assertion has been used before.']);
    harness.mock.reset();
    harness.mock.advanceClock(1000);
    expect((await ask(assertion)).status).toBe(200);
  });
});

describe('client_secret_jwt', () => {
  test('JA-16: HS256 with a registered secret of 32 octets or more is taken', async () => {
    expect((await ask(await signed(LONG_SECRET, { alg: 'HS256' }))).status).toBe(200);
  });

  test('JA-16: HS256 with a shorter secret is not, though it is registered', async () => {
    const reply = await ask(await signed('31 octets are one short of 256.', { alg: 'HS256' }));
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
  });

  test('a MAC with the text of a certificate is no signature', async () => {
    expect((await ask(await signed(KEYS.ES256.certificate, { alg: 'HS256' }))).status).toBe(401);
    expect((await ask(await signed(`${LONG_SECRET}${LONG_SECRET}`, { alg: 'HS512' }))).status).toBe(401);
  });
});

describe('the lenient profile', () => {
  test('takes the token endpoint as audience, any type, a day, and an assertion twice', async () => {
    const assertion = await lenient.rfcAssertion({
      header: { typ: 'JWT' },
      claims: { aud: `${lenient.mock.issuer}/token`, exp: NOW_SECONDS + 86_400 },
    });
    for (const _ of [1, 2]) expect((await ask(assertion, {}, lenient)).status).toBe(200);
  });

  test('takes an unknown client id with the own credentials, and no unknown key', async () => {
    expect((await lenient.ask({ ...lenient.secretFields(), client_id: 'anybody' })).status).toBe(200);
    const assertion = await signed(KEYS.ES256, { alg: 'ES256' }, { aud: lenient.mock.issuer });
    expect((await ask(assertion, {}, lenient)).status).toBe(401);
  });
});
