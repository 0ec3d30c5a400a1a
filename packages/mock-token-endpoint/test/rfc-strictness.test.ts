/** Where a strict server must not be generous: spelling, encodings, extensions. RFC 6749 §1.5 and §2.3.1, RFC 7515 §4.1.9, RFC 7797 §7. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, FlattenedSign } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { thumbprint } from './harness.ts';
import { basic, GRANT, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness({
    tenants: { 'contoso.example': { clients: { MyDaemon: { secrets: ['good secret'], roles: ['User.Read.All'] } } } },
  });
});
afterAll(() => harness.close());

test('a client id is told apart by its case, and named as it was registered', async () => {
  const good = await harness.ask(GRANT, { headers: basic('MyDaemon', 'good+secret') });
  expect(decodeJwt(good.json.access_token)).toMatchObject({ client_id: 'MyDaemon', sub: 'MyDaemon' });
  expect((await harness.ask(GRANT, { headers: basic('mydaemon', 'good+secret') })).json.error).toBe('invalid_client');
});

test('Entra, whose client ids are GUIDs, takes them in any case', async () => {
  const url = `${harness.mock.authorityHost}/contoso.example/oauth2/v2.0/token`;
  const reply = await harness.post({ ...harness.secretFields(), client_id: 'MYDAEMON', client_secret: 'good secret' }, { url });
  expect(decodeJwt(reply.json.access_token)).toMatchObject({ appid: 'MyDaemon' });
});

test('a body that begins with a question mark has a parameter of that name', async () => {
  const reply = await harness.send(`${harness.mock.issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...basic('MyDaemon', 'good+secret') },
    body: '?grant_type=client_credentials',
  });
  expect(reply.json.error).toBe('invalid_request');
});

test('credentials with a character that base64 has not are none', async () => {
  const { authorization = '' } = basic('MyDaemon', 'good+secret');
  const reply = await harness.ask(GRANT, { headers: { authorization: authorization.replace('Basic ', 'Basic !*') } });
  expect([reply.status, reply.json.error]).toEqual([401, 'invalid_client']);
});

test('the type may be written in full', async () => {
  const assertion = await harness.rfcAssertion({ header: { typ: 'application/client-authentication+jwt' } });
  expect((await harness.ask({ ...harness.assertionFields(assertion), scope: undefined })).status).toBe(200);
});

test('an assertion whose payload is not encoded is refused at both faces', async () => {
  const { mock } = harness;
  const claims = decodeJwt(await harness.rfcAssertion());
  const x5t = thumbprint(new X509Certificate(readFileSync(mock.certificateFile)), 'sha256');
  const sign = async (aud: string) => {
    const payload = Buffer.from(JSON.stringify({ ...claims, aud, jti: aud })).toString('base64url');
    const signed = await new FlattenedSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'PS256', 'x5t#S256': x5t, b64: false, crit: ['b64'] })
      .sign(createPrivateKey(readFileSync(mock.privateKeyFile)));
    return `${signed.protected}.${payload}.${signed.signature}`;
  };
  const atEntra = await harness.post(harness.assertionFields(await sign(mock.tokenEndpoint)));
  const atIssuer = await harness.ask({ ...harness.assertionFields(await sign(mock.issuer)), scope: undefined });
  expect([atEntra.json.error, atIssuer.json.error]).toEqual(['invalid_client', 'invalid_client']);
});

test('a token of 100 kB can be spent, and has an entry in the journal', async () => {
  harness.mock.enqueue({ fault: 'long-token' });
  const { access_token } = (await harness.post(harness.secretFields())).json;
  expect(access_token.length).toBeGreaterThan(100_000);
  expect((await harness.callApi('organization', { token: access_token })).status).toBe(200);
  expect(harness.mock.journal.at(-1)?.path).toBe('/graph/v1.0/organization');
});

test('a method that the API does not have is answered with those it has', async () => {
  const { access_token } = (await harness.post(harness.secretFields())).json;
  const reply = await harness.callApi('users', { token: access_token, method: 'DELETE' });
  expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, HEAD']);
  expect((await harness.callApi('users', { token: access_token, method: 'HEAD' })).status).toBe(200);
});
