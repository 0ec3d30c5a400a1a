/** `mutualTls`: what it gives the connection, taken by the mock's two faces over real TLS. */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { type AuthorizationServer, entraServer, readMetadata } from '@client-credentials/protocol';
import { decodeJwt } from 'jose';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, pair } from '../../../../test/support/certificates.ts';
import { entra } from '../../src/authority/entra.ts';
import { issuer } from '../../src/authority/issuer.ts';
import type { CertificateSource } from '../../src/credential/certificate-source.ts';
import { type MutualTlsOptions, mutualTls } from '../../src/credential/mutual-tls.ts';
import { ENTRA_AUTHORITY, type Exchange, exchangeWith, type Loading, loading } from './loading.ts';

let mock: MockTokenEndpoint;
/** The RFC face as its metadata describe it, and the Entra face with the endpoint that asks for certificates. */
let servers: { rfc: AuthorizationServer; entra: AuthorizationServer };
let agent: Agent;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({
    seed: 'mutual TLS',
    tenants: { 'contoso.example': { clients: { daemon: { certificates: [fixture('p256.crt.pem')] } } } },
  });
  agent = new Agent({ connect: { ca: mock.ca } });
  const { statusCode, headers, body } = await request(`${mock.issuer}/.well-known/openid-configuration`, { dispatcher: agent });
  const rfc = readMetadata({ status: statusCode, headers, body: await body.text() }, { issuer: mock.issuer });
  const entraFace = entraServer({ tenant: mock.tenantId, authorityHost: mock.authorityHost });
  const { origin } = new URL(rfc.mtlsTokenEndpoint ?? '');
  servers = { rfc, entra: { ...entraFace, mtlsTokenEndpoint: `${origin}/${mock.tenantId}/oauth2/v2.0/token` } };
});
afterAll(async () => {
  await agent.close();
  await mock.close();
});

const own = (): CertificateSource => ({ pem: readFileSync(mock.certificateFile), privateKey: readFileSync(mock.privateKeyFile) });
/** The mock lives in the present, under its own names. */
const asClient = (clientId: string, authority = issuer(mock.issuer)): Loading => loading({ clientId, authority, now: Date.now });

/** Sends the request over a connection that shows what the credential says. */
async function send({ request: { url, ...rest }, loaded }: Exchange) {
  const { cert, key } = loaded.tls?.tls ?? {};
  const shown = new Agent({ connect: { ca: mock.ca, ...(cert !== undefined && key !== undefined && { cert, key }) } });
  try {
    const { statusCode, body } = await request(url, { ...rest, dispatcher: shown });
    return { status: statusCode, json: (await body.json()) as { access_token: string; token_type: string } };
  } finally {
    await shown.close();
  }
}

describe('at a server of RFC 8705', () => {
  test('MT-01, MT-02, MT-03: the certificate goes on the connection to the alias, and the body has the client id alone', async () => {
    const exchange = await exchangeWith(mutualTls(own()), asClient(mock.clientId), { server: servers.rfc, scope: '' });
    expect(exchange.request.url).toBe(servers.rfc.mtlsTokenEndpoint);
    expect(Object.fromEntries(exchange.form)).toEqual({ grant_type: 'client_credentials', client_id: mock.clientId });
    expect(exchange.loaded).toMatchObject({ kind: 'mutualTls', bindsTokens: false });
    expect('tokenType' in exchange.loaded).toBe(false);
    expect(exchange.loaded.authentication(servers.rfc).method).toBe('tls_client_auth');
    const { status } = await send(exchange);
    expect(status).toBe(200);
  });

  test('MT-02, MT-04: a registered self-signed one is taken as well, and the token is bound to it', async () => {
    const credential = mutualTls({ pem: pair('p256') }, { selfSigned: true, boundTokens: true });
    const exchange = await exchangeWith(credential, asClient('daemon'), { server: servers.rfc, scope: '' });
    expect([credential.bindsTokens, mutualTls(own()).bindsTokens]).toEqual([true, false]);
    expect(exchange.loaded).toMatchObject({ bindsTokens: true, fingerprint: exchange.loaded.tls?.thumbprint });
    expect(exchange.loaded.authentication(servers.rfc).method).toBe('self_signed_tls_client_auth');
    const { status, json } = await send(exchange);
    expect(status).toBe(200);
    expect(decodeJwt(json.access_token)['cnf']).toEqual({ 'x5t#S256': exchange.loaded.tls?.thumbprint });
  });
});

describe('at Entra', () => {
  test('ENT-46: a bound token is asked for as mtls_pop, without an assertion', async () => {
    const authority = entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost });
    const exchange = await exchangeWith(mutualTls(own(), { boundTokens: true }), asClient(mock.clientId, authority), {
      server: servers.entra,
      scope: mock.scope,
    });
    expect(exchange.loaded.tokenType).toBe('mtls_pop');
    expect(exchange.form.get('token_type')).toBe('mtls_pop');
    expect(exchange.form.has('client_assertion')).toBe(false);
    const { status, json } = await send(exchange);
    expect([status, json.token_type]).toEqual([200, 'mtls_pop']);
    expect(decodeJwt(json.access_token)['cnf']).toEqual({ 'x5t#S256': exchange.loaded.tls?.thumbprint });
  });

  test('ENT-45: it goes to the host that asks for certificates', async () => {
    const credential = mutualTls({ pem: pair('rsa') }, { boundTokens: true });
    const { request: sent } = await exchangeWith(credential, loading({ authority: ENTRA_AUTHORITY }));
    expect(new URL(sent.url).host).toBe('mtlsauth.microsoft.com');
  });

  test('ENT-47: a token that is not bound is refused before the certificate is asked for', async () => {
    let asked = 0;
    const source = (): CertificateSource => {
      asked += 1;
      return { pem: pair('rsa') };
    };
    const loaded = mutualTls(source).load(loading({ authority: ENTRA_AUTHORITY }).context);
    await expect(loaded).rejects.toMatchObject({ code: 'invalid_configuration', message: expect.stringContaining('boundTokens') });
    expect(asked).toBe(0);
  });
});

test('MT-05: a certificate renewed for the same key is another credential, and another binding', async () => {
  const names = ['p256', 'p256-renewed'];
  const credential = mutualTls(() => ({ pem: fixture(`${names.shift()}.crt.pem`), privateKey: fixture('p256.key.pem') }));
  const [first, second] = [await exchangeWith(credential), await exchangeWith(credential)];
  expect(second.loaded.fingerprint).not.toBe(first.loaded.fingerprint);
  expect(second.loaded.tls?.thumbprint).not.toBe(first.loaded.tls?.thumbprint);
  expect(second.loaded.tls?.tls.key).toBe(first.loaded.tls?.tls.key);
});

test('CE-04: an expired certificate is not shown', async () => {
  const loads = loading({ now: () => Date.UTC(2120, 0) });
  await expect(exchangeWith(mutualTls({ pem: pair('rsa') }), loads)).rejects.toMatchObject({ code: 'certificate_expired' });
});

test.each<readonly [unknown, object]>([
  [{}, {}],
  [{ pem: pair('rsa'), der: new Uint8Array() }, {}],
  [{ pem: pair('rsa') }, { selfsigned: true }],
  [{ pem: pair('rsa') }, { boundTokens: 'yes' }],
  [{ pem: pair('rsa') }, { lifetimeSeconds: 60 }],
])('a wrong source or option is refused at once (%#)', (source, options: MutualTlsOptions) => {
  expect(() => mutualTls(source as CertificateSource, options)).toThrowError(expect.objectContaining({ code: 'invalid_configuration' }));
});

test('the private key shows in no print of the credential or of what was loaded', async () => {
  const credential = mutualTls({ pem: pair('rsa') });
  const { loaded } = await exchangeWith(credential);
  for (const value of [credential, loaded]) {
    expect(inspect(value, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(value)).not.toMatch(/PRIVATE KEY/);
  }
});
