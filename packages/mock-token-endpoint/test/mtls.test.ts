/** Certificates on the connection: as client authentication, and as what a token is bound to. RFC 8705 §2, §3 and §5. */
import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curl } from './curl.ts';
import { thumbprint } from './harness.ts';
import { selfSigned } from './openssl.ts';
import { basic, GRANT, ownCertificate, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const REGISTERED = selfSigned(['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
const TWIN = selfSigned(['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']);
const EXPIRED = selfSigned(['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], { days: 1 });

let harness: RfcHarness;
let own: Agent;
let tokenEndpoint: string;
beforeAll(async () => {
  const certificates = [REGISTERED.certificate, EXPIRED.certificate];
  harness = await startRfcHarness({ tenants: { 'contoso.example': { clients: { daemon: { certificates } } } } });
  own = harness.connectWith(ownCertificate(harness));
  tokenEndpoint = `${harness.mtlsOrigin}/rfc/token`;
});
afterAll(() => harness.close());

const ask = (fields: Record<string, string | undefined>, dispatcher?: Agent, headers = {}) =>
  harness.ask({ ...GRANT, ...fields }, { url: tokenEndpoint, headers, ...(dispatcher ? { dispatcher } : {}) });
const issued = async (request: Parameters<typeof harness.mock.issueCertificate>[0]) =>
  harness.connectWith(await harness.mock.issueCertificate({ registered: false, key: 'ec', ...request }));
const lastCheck = () => harness.mock.journal.at(-1)?.checks.at(-1);

describe('tls_client_auth', () => {
  test('MT-02: a certificate of the trusted authority with a registered subject is taken', async () => {
    expect((await ask({ client_id: harness.mock.clientId }, own)).status).toBe(200);
    expect(harness.mock.journal.at(-1)?.checks).toContainEqual({
      name: 'the subject of the certificate is registered (tls_client_auth)',
      passed: true,
      section: 'RFC 8705 §2.1',
    });
  });

  test('so is a renewed one that is not registered itself', async () => {
    expect((await ask({ client_id: harness.mock.clientId }, await issued({ subject: 'Mock daemon', registered: false }))).status).toBe(200);
  });

  test('one that is not registered has another subject unless it is asked for', async () => {
    expect((await ask({ client_id: harness.mock.clientId }, await issued({ registered: false }))).status).toBe(401);
  });

  test('nor does a registered certificate that the authority did not issue lend its subject to one that it did', async () => {
    await harness.mock.issueCertificate({ subject: 'Self-made', selfSigned: true, key: 'ec' });
    const reply = await ask({ client_id: harness.mock.clientId }, await issued({ subject: 'Self-made' }));
    expect([reply.status, lastCheck()?.section]).toEqual([401, 'RFC 8705 §2.1']);
  });

  test('another subject is not', async () => {
    const reply = await ask({ client_id: harness.mock.clientId }, await issued({ subject: 'Somebody else' }));
    expect([reply.status, reply.json.error, lastCheck()?.section]).toEqual([401, 'invalid_client', 'RFC 8705 §2.1']);
  });

  test('the registered subject of another authority is not', async () => {
    const reply = await ask({ client_id: harness.mock.clientId }, await issued({ selfSigned: true }));
    expect([reply.status, reply.json.error, lastCheck()?.section]).toEqual([401, 'invalid_client', 'RFC 8705 §2.2']);
  });
});

describe('self_signed_tls_client_auth', () => {
  test('MT-02: the registered certificate is taken, whoever signed it', async () => {
    expect((await ask({ client_id: 'daemon' }, harness.connectWith(REGISTERED))).status).toBe(200);
    expect(harness.mock.journal.at(-1)?.checks.map(({ section }) => section)).toContain('RFC 8705 §2.2');
  });

  test('another certificate of the same name is not', async () => {
    const reply = await ask({ client_id: 'daemon' }, harness.connectWith(TWIN));
    expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
  });

  test('an expired one is not', async () => {
    const reply = await ask({ client_id: 'daemon' }, harness.connectWith(EXPIRED));
    expect([reply.status, reply.json.error, lastCheck()?.section]).toEqual([401, 'invalid_client', 'RFC 5280 §4.1.2.5']);
  });
});

test('MT-01: the certificate does not name the client, client_id does', async () => {
  const reply = await ask({}, own);
  expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
});

test('MT-03: without a certificate, and at the listener that asks for none, there is no client', async () => {
  expect((await ask({ client_id: harness.mock.clientId })).json.error).toBe('invalid_client');
  const fields = { ...GRANT, client_id: harness.mock.clientId };
  expect((await harness.ask(fields, { dispatcher: own })).json.error).toBe('invalid_client');
});

describe('a token', () => {
  const api = (token: string, options: { dispatcher?: Agent; scheme?: string; origin?: string }) =>
    harness.send(`${options.origin ?? harness.mtlsOrigin}/graph/v1.0/users?$top=1`, {
      headers: { authorization: `${options.scheme ?? 'Bearer'} ${token}` },
      ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
    });

  test('MT-04: is bound to the certificate of the connection, and its type is Bearer', async () => {
    const { json } = await ask({ client_id: harness.mock.clientId }, own);
    const certificate = new X509Certificate(ownCertificate(harness).certificate);
    expect(decodeJwt(json.access_token)['cnf']).toEqual({ 'x5t#S256': thumbprint(certificate, 'sha256') });
    expect(json.token_type).toBe('Bearer');
  });

  test('is bound as well when the client authenticates with its secret, RFC 8705 §3', async () => {
    const certificate = harness.connectWith(TWIN);
    const { json } = await ask({}, certificate, basic(harness.mock.clientId, harness.mock.clientSecret));
    expect((await api(json.access_token, { dispatcher: certificate })).status).toBe(200);
  });

  test('MT-05: opens the API over a connection with that certificate, and no other', async () => {
    const { json } = await ask({ client_id: harness.mock.clientId }, own);
    const token = json.access_token;
    for (const scheme of ['Bearer', 'mtls_pop']) expect((await api(token, { dispatcher: own, scheme })).status).toBe(200);
    const refused = [
      await api(token, { dispatcher: harness.connectWith(TWIN) }),
      await api(token, {}),
      await api(token, { dispatcher: own, origin: harness.mock.authorityHost }),
    ];
    for (const reply of refused) {
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  test('is bound to the certificate, not to its key: MT-05 holds for a renewed one', async () => {
    const { json } = await ask({ client_id: harness.mock.clientId }, own);
    expect((await api(json.access_token, { dispatcher: await issued({}) })).status).toBe(401);
  });

  test('ENT-46: of the Entra face, asked for as mtls_pop, opens the API with that scheme and its certificate', async () => {
    const url = `${harness.mtlsOrigin}/${harness.mock.tenantId}/oauth2/v2.0/token`;
    const fields = { client_id: harness.mock.clientId, scope: harness.mock.scope, token_type: 'mtls_pop' };
    const { json } = await harness.ask({ ...GRANT, ...fields }, { url, dispatcher: own });
    expect((await api(json.access_token, { dispatcher: own, scheme: 'mtls_pop' })).status).toBe(200);
    expect((await api(json.access_token, { dispatcher: harness.connectWith(TWIN), scheme: 'mtls_pop' })).status).toBe(401);
  });

  test('ENT-46: that is bound to nothing is not taken as mtls_pop', async () => {
    const reply = await api(await harness.accessToken(), { dispatcher: own, scheme: 'mtls_pop' });
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toMatch(/mtls_pop realm="", error="invalid_token"/);
  });

  test('without a certificate is for any bearer, at either listener', async () => {
    const { json } = await ask({}, undefined, basic(harness.mock.clientId, harness.mock.clientSecret));
    for (const origin of [harness.mtlsOrigin, harness.mock.authorityHost])
      expect((await api(json.access_token, { origin })).status).toBe(200);
  });
});

test('curl with the files of the mock gets a bound token', async () => {
  const { certificateFile, privateKeyFile, caFile, clientId } = harness.mock;
  const files = ['--cert', certificateFile, '--key', privateKeyFile, '--cacert', caFile];
  const form = `grant_type=client_credentials&client_id=${clientId}`;
  const { stdout } = await curl('-m', '10', ...files, '-d', form, tokenEndpoint);
  expect(decodeJwt(JSON.parse(String(stdout)).access_token)).toHaveProperty('cnf');
});
