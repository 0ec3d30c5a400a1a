import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { EmbeddedJWK, jwtVerify } from 'jose';
import { expect, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { requireDpopProof } from '../src/dpop/given-proof.ts';
import { buildDpopProof, type ProvenRequest } from '../src/dpop/proof.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';
import { build, keyOf, nowMs, p256, server, url, verifyOptions } from './sample-proof.ts';

test.each([
  ['rsa', 'RS256'],
  ['rsa', 'RS384'],
  ['rsa', 'RS512'],
  ['rsa', 'PS256'],
  ['rsa', 'PS384'],
  ['rsa', 'PS512'],
  ['p256', 'ES256'],
  ['p384', 'ES384'],
  ['p521', 'ES512'],
  ['ed25519', 'Ed25519'],
] as const)(
  'DP-02, DP-03, DP-04: a proof by %s with %s verifies in jose with the key it shows, which is public alone',
  async (name, alg) => {
    const proof = await build({}, [name, alg]);
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { ...verifyOptions, algorithms: [alg] });
    const jwk = createPublicKey(fixture(`${name}.crt.pem`)).export({ format: 'jwk' });
    expect(protectedHeader).toEqual({ alg, typ: 'dpop+jwt', jwk });
    expect(payload).toEqual({ jti: 'id', htm: 'POST', htu: url, iat: 1_562_262_616 });
  },
);

test('DP-05, DP-06: a nonce and the hash of the token go in where there are any', async () => {
  const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
  expect(decodeToken(await build({ accessToken, nonce: 'eyJ7S_zG.eyJH0-Z.HX4w-7v', method: 'GET' })).claims).toEqual({
    jti: 'id',
    htm: 'GET',
    htu: url,
    iat: 1_562_262_616,
    nonce: 'eyJ7S_zG.eyJH0-Z.HX4w-7v',
    ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
  });
});

test('DP-04, DP-10: two proofs for one request have two ids, each a random UUID', async () => {
  const ids = await Promise.all([1, 2].map(async () => decodeToken(await build({ uniqueId: undefined })).claims['jti']));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('DP-04: what stands in the query does not matter, and is not repeated', async () => {
  expect(decodeToken(await build({ url: `${url}?name=ü \\#x` })).claims['htu']).toBe(url);
});

test('DP-04: the method is repeated as it is sent', async () => {
  expect(decodeToken(await build({ method: 'patch' })).claims['htm']).toBe('patch');
});

test.each([
  [{ method: '' }, 'invalid_parameter'],
  [{ method: 'GET ' }, 'invalid_parameter'],
  [{ method: undefined }, 'invalid_parameter'],
  [{ url: 'http://server.example.com/' }, 'invalid_url'],
  [{ url: undefined }, 'invalid_url'],
  [{ url: '' }, 'invalid_url'],
  [{ nowMs: Number.NaN }, 'invalid_parameter'],
  [{ uniqueId: () => '' }, 'invalid_parameter'],
  [{ uniqueId: 'id' }, 'invalid_parameter'],
  [{ uniqueId: null }, 'invalid_parameter'],
  [{ nonce: '' }, 'invalid_parameter'],
  [{ nonce: 7 }, 'invalid_parameter'],
  [{ accessToken: '' }, 'invalid_parameter'],
  [{ accessToken: 'a b' }, 'invalid_parameter'],
  [{ accessToken: 7 }, 'invalid_parameter'],
])('DP-04, DP-05, DP-06: no proof is made of %j', async (more, code) => {
  await expect(build(more as Partial<ProvenRequest>)).rejects.toMatchObject({ code });
});

test('DP-05: the token shows in no error', async () => {
  const error = await build({ accessToken: 'marker marker' }).catch((reason: unknown) => reason);
  expect(inspect(error)).not.toContain('marker');
});

test('DP-02: signer and public key fit together, and are strong enough', async () => {
  const proof = (key: object) => buildDpopProof({ ...p256, method: 'POST', url, nowMs, ...key });
  await expect(proof({ publicKey: keyOf('rsa').publicKey })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
    message: expect.stringContaining('cannot sign with "ES256"'),
  });
  await expect(proof({ publicKey: keyOf('p384').publicKey })).rejects.toMatchObject({ code: 'unsupported_algorithm' });
  await expect(proof({ publicKey: {} })).rejects.toMatchObject({ code: 'invalid_credential' });
  await expect(proof({ signer: undefined })).rejects.toMatchObject({ code: 'invalid_credential' });
  await expect(proof({ signer: { algorithm: 'HS256', sign: () => new Uint8Array(32) } })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const signer = { algorithm: 'RS256', sign: () => new Uint8Array(128) };
  await expect(proof({ signer, publicKey: weak })).rejects.toMatchObject({ code: 'weak_key' });
});

test('DP-12: an algorithm that the server does not list is refused before anything is signed', async () => {
  const sign = vi.fn(() => new Uint8Array(256));
  const signer = { algorithm: 'PS256', sign } as const;
  const options = { signer, publicKey: keyOf('rsa').publicKey, method: 'POST', url, nowMs };
  await expect(buildDpopProof({ ...options, algorithms: ['ES256'] })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
    message: expect.stringContaining('takes DPoP proofs signed with "ES256", and "PS256"'),
  });
  expect(sign).not.toHaveBeenCalled();
  await expect(buildDpopProof({ ...options, algorithms: ['ES256', 'PS256'] })).resolves.toBeDefined();
});

test('DP-12, JO-22: a server that lists EdDSA alone gets a proof by that name, which jose verifies', async () => {
  const proof = await buildDpopProof({ ...keyOf('ed25519'), algorithms: ['EdDSA'], method: 'POST', url, nowMs });
  const { protectedHeader } = await jwtVerify(proof, EmbeddedJWK, verifyOptions);
  expect(protectedHeader.alg).toBe('EdDSA');
  expect(() => requireDpopProof(proof, { method: 'POST', url, algorithms: ['EdDSA'] })).not.toThrow();
  expect(() => requireDpopProof(proof, { method: 'POST', url })).not.toThrow();
});

test('DP-01: a proof is the one header dpop of a token request', async () => {
  const dpopProof = await build();
  const authentication = clientSecretPost({ secret: 's' });
  const { headers } = await buildTokenRequest({ server, clientId: 'me', authentication, nowMs, tokenType: 'dpop', dpopProof });
  expect(Object.entries(headers).filter(([name]) => name.toLowerCase() === 'dpop')).toEqual([['dpop', dpopProof]]);
});
