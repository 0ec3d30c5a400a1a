/** Tokens that are bound to a key: a proof for every request, the nonce that the API wants, and never without the key. DP-08, DP-10. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createDpopBinding, createSigner } from '@client-credentials/protocol';
import { certificate, createTokenSource, issuer } from '@client-credentials/token-source';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fixture } from '../../../../test/support/certificates.ts';
import { createApiCaller, type TokenLike } from '../../src/index.ts';
import { callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

function dpopToken(value: string): TokenLike {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const binding = createDpopBinding({
    signer: createSigner(privateKey),
    publicKey: publicKey.export({ format: 'jwk' }),
    accessToken: () => value,
    now: Date.now,
  });
  return { value, expiresAtMs: 0, tokenType: 'DPoP', binding };
}

describe('DP-10: a DPoP token', () => {
  test('goes out with the scheme DPoP and a proof of this very request, a new one for each', async () => {
    const api = await startApi((response, index) => (index === 0 ? response.writeHead(503).end() : sendJson(response, {})));
    const token = dpopToken('token-1');
    await callerOf(api, { tokens: async () => token }).putJson('x', {}, { query: { a: 1 } });
    const proofs = api.received.map(({ headers }) => String(headers['dpop']));
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(['DPoP token-1', 'DPoP token-1']);
    expect(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size).toBe(2);
    for (const proof of proofs) {
      const { jwk } = decodeProtectedHeader(proof);
      await jwtVerify(proof, { kty: 'EC', ...jwk } as never, { typ: 'dpop+jwt' });
      expect(decodeJwt(proof)).toMatchObject({ htm: 'PUT', htu: `${api.origin}/v1.0/x`, ath: expect.any(String) });
      expect('value' in token && token.binding?.thumbprint).toBe(await calculateJwkThumbprint(jwk as never));
    }
  });

  test('DP-08: whose API demands a nonce is proven once more with it, and every later request too', async () => {
    const api = await startApi((response, index) =>
      index === 0
        ? sendJson(response, {}, 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n-1' })
        : sendJson(response, {}, 200, index === 1 ? { 'dpop-nonce': 'n-2' } : {}),
    );
    const token = dpopToken('token-1');
    const caller = callerOf(api, { tokens: async () => token });
    await caller.getJson('x');
    await caller.getJson('y');
    expect(api.received.map(({ headers }) => decodeJwt(String(headers['dpop']))['nonce'])).toEqual([undefined, 'n-1', 'n-2']);
  });

  test('DP-08: whose API demands nonces without end gets two requests', async () => {
    const api = await startApi((response, index) =>
      sendJson(response, {}, 401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': `n-${index}` }),
    );
    const token = dpopToken('token-1');
    expect(await rejectionOf(callerOf(api, { tokens: async () => token }).getJson('x'))).toMatchObject({ status: 401 });
    expect(api.received).toHaveLength(2);
  });

  test('opens the mock’s API, which judges the proof and wants a nonce', async () => {
    const mock = await startMockTokenEndpoint({ profile: 'rfc', dpopNonce: true });
    onTestFinished(() => mock.close());
    const source = createTokenSource({
      authority: issuer(mock.issuer),
      clientId: mock.clientId,
      credential: certificate({ pem: readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8') }),
      dpop: true,
      ca: mock.ca,
    });
    const caller = createApiCaller({ baseUrl: mock.apiBaseUrl, scope: 'User.Read.All', tokens: source, ca: mock.ca });
    onTestFinished(async () => {
      await caller.close();
      await source.close();
    });
    const { value } = await caller.getJson<{ value: unknown[] }>('users?$top=3');
    expect(value).toHaveLength(3);
  });
});

describe('nothing is sent', () => {
  test.for<[string, TokenLike]>([
    ['of a DPoP token without its key', { value: 't', expiresAtMs: 0, tokenType: 'DPoP' }],
    ['of a token bound to a certificate that is not there', { value: 't', expiresAtMs: 0, tokenType: 'mtls_pop' }],
    ['of a token of a type that is not known', { value: 't', expiresAtMs: 0, tokenType: 'mac' }],
  ])('%s', async ([, token]) => {
    const api = await startApi((response) => sendJson(response, {}));
    expect(await rejectionOf(callerOf(api, { tokens: async () => token }).getJson('x'))).toMatchObject({ code: 'no_token' });
    expect(api.received).toEqual([]);
  });
});

describe('MT-05: a token that is bound to a certificate', () => {
  const start = async () => {
    const shown: (string | undefined)[] = [];
    const options = { cert: fixture('loopback.crt.pem'), key: fixture('loopback.key.pem'), requestCert: true, rejectUnauthorized: false };
    const server = createServer(options, (request, response) => {
      shown.push((request.socket as TLSSocket).getPeerX509Certificate()?.subject);
      response
        .setHeader('x-authorization', request.headers.authorization ?? '')
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { shown, baseUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`, ca: fixture('loopback.crt.pem') };
  };
  const bound = (name: string, tokenType: string): TokenLike => ({
    value: 't',
    expiresAtMs: 0,
    tokenType,
    binding: { thumbprint: name, tls: { cert: fixture(`${name}.crt.pem`), key: fixture(`${name}.key.pem`) } },
  });

  test('goes over a connection that shows it, and over another one when the certificate was renewed', async () => {
    const { shown, ...where } = await start();
    let token = bound('rsa', 'Bearer');
    const caller = createApiCaller({ ...where, scope: 's', tokens: async () => token });
    onTestFinished(() => caller.close());
    const { headers, body } = await caller.request('x');
    await body.dump();
    await caller.getJson('x');
    token = bound('p256', 'mtls_pop');
    const second = await caller.request('x');
    await second.body.dump();
    await caller.getJson('x', { authorize: false });
    expect(shown).toEqual(['CN=rsa\nO=Contoso', 'CN=rsa\nO=Contoso', 'CN=p256\nO=Contoso', undefined]);
    expect([headers['x-authorization'], second.headers['x-authorization']]).toEqual(['Bearer t', 'mtls_pop t']);
  });

  test('is not sent through a dispatcher that cannot show it', async () => {
    const { shown, ca, ...where } = await start();
    const dispatcher = new Agent({ connect: { ca } });
    onTestFinished(() => dispatcher.destroy());
    const caller = createApiCaller({ ...where, dispatcher, scope: 's', tokens: async () => bound('rsa', 'Bearer') });
    expect(await rejectionOf(caller.getJson('x'))).toMatchObject({ code: 'invalid_configuration' });
    expect(shown).toEqual([]);
  });
});
