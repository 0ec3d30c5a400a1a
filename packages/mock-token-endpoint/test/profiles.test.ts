/** The three profiles side by side: what each of them takes at the Entra face, and what none does. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockProfile } from '../src/strictness.ts';
import { type Fields, type Harness, NOW_SECONDS, startHarness, thumbprint } from './harness.ts';

const TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const STRANGER = '99999999-8888-4777-a666-555555555555';
const PROFILES: readonly MockProfile[] = ['entra', 'rfc', 'lenient'];

const harnesses = new Map<MockProfile, Harness>();
beforeAll(async () => {
  for (const profile of PROFILES) {
    const tenants = { [TENANT]: { clients: { [STRANGER.replace('9', '8')]: { secrets: ['its own'] } } } };
    harnesses.set(profile, await startHarness({ profile, tenants, seed: profile }));
  }
});
afterAll(async () => {
  for (const harness of harnesses.values()) await harness.close();
});

const under = (profile: MockProfile): Harness => harnesses.get(profile) as Harness;
const issuerOf = ({ mock }: Harness) => `${mock.authorityHost}/${mock.tenantId}/v2.0`;
/** An assertion that this profile takes, but for the changes. */
const present = async (harness: Harness, { header, claims, fields }: { header?: object; claims?: object; fields?: Fields } = {}) => {
  const assertion = await harness.assertion({ header: { typ: undefined, ...header }, claims: { aud: issuerOf(harness), ...claims } });
  return harness.post({ ...harness.assertionFields(assertion), ...fields });
};
type Ask = (harness: Harness) => ReturnType<Harness['post']>;
/** What came of asking each: 200, or the code of the refusal. */
const resultsOf = async (ask: Ask) => {
  const results: Record<string, number> = {};
  for (const profile of PROFILES) {
    const { status, json } = await ask(under(profile));
    results[profile] = status === 200 ? 200 : json.error_codes[0];
  }
  return results;
};

const RULES: { title: string; ask: Ask; entra: number; rfc: number; lenient: number }[] = [
  { title: 'an assertion for the issuer, without a type', ask: (harness) => present(harness), entra: 200, rfc: 200, lenient: 200 },
  {
    title: 'ENT-16: one for the token endpoint',
    ask: (harness) => present(harness, { claims: { aud: harness.mock.tokenEndpoint } }),
    entra: 200,
    rfc: 700023,
    lenient: 200,
  },
  {
    title: 'JA-12: the type of RFC 10070',
    ask: (harness) => present(harness, { header: { typ: 'client-authentication+jwt' } }),
    entra: 5002727,
    rfc: 200,
    lenient: 200,
  },
  { title: 'the type JWT', ask: (harness) => present(harness, { header: { typ: 'JWT' } }), entra: 200, rfc: 5002727, lenient: 200 },
  {
    title: 'the older type of JWT',
    ask: (harness) => present(harness, { header: { typ: 'http://openid.net/specs/jwt/1.0' } }),
    entra: 200,
    rfc: 5002727,
    lenient: 200,
  },
  { title: 'any other type', ask: (harness) => present(harness, { header: { typ: 'x' } }), entra: 5002727, rfc: 5002727, lenient: 200 },
  {
    title: 'no thumbprint',
    ask: (harness) => present(harness, { header: { 'x5t#S256': undefined } }),
    entra: 5002723,
    rfc: 200,
    lenient: 200,
  },
  {
    title: 'a kid in place of a thumbprint',
    ask: (harness) => present(harness, { header: { 'x5t#S256': undefined, kid: 'mine' } }),
    entra: 700027,
    rfc: 200,
    lenient: 200,
  },
  {
    title: 'the thumbprint as kid',
    ask: (harness) => {
      const x5t = thumbprint(new X509Certificate(readFileSync(harness.mock.certificateFile)), 'sha256');
      return present(harness, { header: { 'x5t#S256': undefined, kid: x5t } });
    },
    entra: 200,
    rfc: 200,
    lenient: 200,
  },
  {
    title: 'a thumbprint that nobody registered',
    ask: (harness) => present(harness, { header: { 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' } }),
    entra: 700027,
    rfc: 700027,
    lenient: 700027,
  },
  {
    title: 'an assertion of an hour',
    ask: (harness) => present(harness, { claims: { exp: NOW_SECONDS + 3600 } }),
    entra: 700024,
    rfc: 700024,
    lenient: 200,
  },
  {
    title: 'an assertion of two days',
    ask: (harness) => present(harness, { claims: { exp: NOW_SECONDS + 172_800 } }),
    entra: 700024,
    rfc: 700024,
    lenient: 700024,
  },
  {
    title: 'JA-09: an assertion for the second time',
    ask: async (harness) => {
      await present(harness, { claims: { jti: 'twice' } });
      return present(harness, { claims: { jti: 'twice' } });
    },
    entra: 50027,
    rfc: 50027,
    lenient: 200,
  },
  {
    title: 'an unknown client id with the own secret',
    ask: (harness) => harness.post({ ...harness.secretFields(), client_id: STRANGER }),
    entra: 700016,
    rfc: 700016,
    lenient: 200,
  },
  {
    title: 'an unknown client id with the own certificate',
    ask: (harness) => present(harness, { claims: { iss: STRANGER, sub: STRANGER }, fields: { client_id: STRANGER } }),
    entra: 700016,
    rfc: 700016,
    lenient: 200,
  },
  {
    title: 'an unknown client id in a configured tenant',
    ask: (harness) =>
      harness.post(
        { ...harness.secretFields(), client_id: STRANGER },
        { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` },
      ),
    entra: 700016,
    rfc: 700016,
    lenient: 200,
  },
  {
    title: 'an unknown client id with an unknown secret',
    ask: (harness) => harness.post({ ...harness.secretFields(), client_id: STRANGER, client_secret: 'wrong' }),
    entra: 700016,
    rfc: 700016,
    lenient: 7000215,
  },
  {
    title: 'a registered client with the secret of the own client',
    ask: (harness) =>
      harness.post(
        { ...harness.secretFields(), client_id: STRANGER.replace('9', '8') },
        { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` },
      ),
    entra: 7000215,
    rfc: 7000215,
    lenient: 7000215,
  },
];

describe('each rule', () => {
  test.each(RULES)('$title is $entra, $rfc, $lenient under entra, rfc, lenient', async ({ ask, entra, rfc, lenient }) => {
    expect(await resultsOf(ask)).toEqual({ entra, rfc, lenient });
  });
});

test('no profile takes a key that is not registered, named or not', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ask: Ask = async (harness) => {
    const claims = decodeJwt(await harness.assertion({ claims: { aud: issuerOf(harness) } }));
    const header = harness === under('entra') ? { 'x5t#S256': 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0' } : {};
    const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'PS256', ...header }).sign(privateKey);
    return harness.post(harness.assertionFields(assertion));
  };
  expect(await resultsOf(ask)).toEqual({ entra: 700027, rfc: 700027, lenient: 700027 });
});

test('a token for an unknown client id is of that client', async () => {
  const harness = under('lenient');
  const reply = await harness.post({ ...harness.secretFields(), client_id: STRANGER.toUpperCase() });
  expect(decodeJwt(reply.json.access_token)).toMatchObject({ appid: STRANGER });
});
