/** Certificates in the TLS handshake with the Entra face: as the credential, beside an assertion, and as what a token is bound to. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, SignJWT } from 'jose';
import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IssuedCertificate } from '../src/pki/issue.ts';
import { type Fields, type Harness, JWT_BEARER, NOW_MS, startHarness, thumbprint } from './harness.ts';
import { expectRefusal, INVALID_CLIENT, INVALID_REQUEST, type Refusal } from './refusal.ts';

type KeyedCertificate = Pick<IssuedCertificate, 'certificate' | 'privateKey'>;

let harness: Harness;
let url: string;
let own: KeyedCertificate;
const agents: Agent[] = [];
beforeAll(async () => {
  harness = await startHarness({ seed: 'certificates on TLS' });
  const { authorityHost, tenantId, certificateFile, privateKeyFile } = harness.mock;
  const configuration = await harness.send(`${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`);
  url = configuration.json.mtls_endpoint_aliases.token_endpoint;
  own = { certificate: readFileSync(certificateFile, 'utf8'), privateKey: readFileSync(privateKeyFile, 'utf8') };
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.close();
});
afterAll(() => harness.close());

/** Posts a form over a connection that shows `shown`, or no certificate. */
const post = (fields: Fields, shown?: KeyedCertificate) => {
  const agent = new Agent({ connect: { ca: harness.mock.ca, ...(shown ? { cert: shown.certificate, key: shown.privateKey } : {}) } });
  agents.push(agent);
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return harness.send(url, { method: 'POST', dispatcher: agent, headers, body: new URLSearchParams(given).toString() });
};
const POP = { token_type: 'mtls_pop' };
const withoutCredential = (fields: Fields = {}) => ({ ...harness.secretFields(), client_secret: undefined, ...fields });
/** Fields with an assertion of the own client, signed with the key of `signer`, for the mTLS endpoint. */
const withAssertion = async (signer: KeyedCertificate, fields: Fields = {}) => ({
  ...withoutCredential(fields),
  client_assertion_type: JWT_BEARER,
  client_assertion: await new SignJWT({ ...decodeJwt(await harness.assertion()), aud: url })
    .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint(new X509Certificate(signer.certificate), 'sha256') })
    .sign(createPrivateKey(signer.privateKey)),
});
const boundTo = ({ certificate }: KeyedCertificate) => ({ cnf: { 'x5t#S256': thumbprint(new X509Certificate(certificate), 'sha256') } });

describe('taken', () => {
  test('ENT-46: mtls_pop without an assertion binds the token to the certificate that is shown', async () => {
    const { status, json } = await post(withoutCredential(POP), own);
    expect([status, json.token_type]).toEqual([200, 'mtls_pop']);
    expect(decodeJwt(json.access_token)).toMatchObject({ ...boundTo(own), appid: harness.mock.clientId, azpacr: '2' });
  });

  test('ENT-46: mtls_pop with an assertion of the same certificate', async () => {
    const { json } = await post(await withAssertion(own, POP), own);
    expect(decodeJwt(json.access_token)).toMatchObject(boundTo(own));
  });

  test('ENT-47: a certificate beside its assertion, or in its place, gets a bearer token', async () => {
    for (const fields of [await withAssertion(own), withoutCredential()]) {
      const { json } = await post(fields, own);
      expect(json.token_type).toBe('Bearer');
      expect(decodeJwt(json.access_token)).not.toHaveProperty('cnf');
    }
  });

  test('an assertion or a secret without any certificate is taken there as elsewhere', async () => {
    expect((await post(await withAssertion(own))).status).toBe(200);
    expect((await post(harness.secretFields())).status).toBe(200);
  });
});

const issued = (request: Parameters<Harness['mock']['issueCertificate']>[0]) => harness.mock.issueCertificate(request);
test.each<Refusal>([
  { title: 'ENT-46: mtls_pop without a certificate', send: () => post(withoutCredential(POP)), ...INVALID_CLIENT, code: 392200 },
  {
    title: 'mtls_pop where no certificate is asked for',
    send: () => harness.post({ ...harness.secretFields(), ...POP }),
    ...INVALID_CLIENT,
    code: 392200,
  },
  {
    title: 'a certificate that is not registered',
    send: async () => post(withoutCredential(POP), await issued({ registered: false })),
    ...INVALID_CLIENT,
    code: 50012,
  },
  {
    title: 'an expired certificate',
    send: async () => post(withoutCredential(POP), await issued({ notBeforeMs: NOW_MS - 86_400_000, notAfterMs: NOW_MS - 1000 })),
    ...INVALID_CLIENT,
    code: 392204,
  },
  {
    title: 'MT-05: an assertion of another registered certificate',
    send: async () => post(await withAssertion(own, POP), await issued({})),
    ...INVALID_CLIENT,
    code: 500181,
  },
  {
    title: 'MT-05: a bearer token with an assertion of another certificate',
    send: async () => post(await withAssertion(own), await issued({})),
    ...INVALID_CLIENT,
    code: 500181,
  },
  {
    title: "another issuer's token beside a certificate",
    send: async () => {
      const federated = await harness.mock.createFederatedToken();
      return post(withoutCredential({ client_assertion_type: JWT_BEARER, client_assertion: federated }), own);
    },
    ...INVALID_CLIENT,
    code: 500181,
  },
  { title: 'mtls_pop with a secret', send: () => post({ ...harness.secretFields(), ...POP }, own), ...INVALID_REQUEST, code: 9002313 },
  {
    title: 'MT-01: a certificate without a client id',
    send: () => post(withoutCredential({ ...POP, client_id: undefined }), own),
    ...INVALID_REQUEST,
    code: 900144,
  },
])('$title is AADSTS$code', expectRefusal);

test('MT-05: an assertion that was refused for the certificate beside it has not been used', async () => {
  const fields = await withAssertion(own, POP);
  expect((await post(fields, await issued({}))).json.error_codes).toEqual([500181]);
  expect((await post(fields, own)).status).toBe(200);
});
