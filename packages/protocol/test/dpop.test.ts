import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { inspect } from 'node:util';
import { EmbeddedJWK, type JWTVerifyOptions, jwtVerify } from 'jose';
import { expect, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { createDpopBinding } from '../src/dpop/binding.ts';
import { requireDpopProof } from '../src/dpop/given-proof.ts';
import { readDpopNonce, readDpopNonceDemand } from '../src/dpop/nonce.ts';
import { buildDpopProof, type ProvenRequest } from '../src/dpop/proof.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { createSigner } from '../src/jws/signer.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { thrown } from './thrown.ts';

const nowMs = 1_562_262_616_999;
const url = 'https://server.example.com/token';
const keyOf = (name: string, algorithm?: SigningAlgorithm) => {
  const key = createPrivateKey(fixture(`${name}.key.pem`));
  return { signer: createSigner(key, algorithm), publicKey: key.export({ format: 'jwk' }) };
};
const p256 = keyOf('p256');
const build = (more: Partial<ProvenRequest> = {}, key: Parameters<typeof keyOf> = ['p256']) =>
  buildDpopProof({ ...keyOf(...key), method: 'POST', url, nowMs, uniqueId: () => 'id', ...more });
const verifyOptions: JWTVerifyOptions = { typ: 'dpop+jwt', currentDate: new Date(nowMs) };
const server: AuthorizationServer = { profile: 'rfc', issuer: 'https://server.example.com', tokenEndpoint: url };

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

test('DP-01, DP-04, DP-12: a proof that is handed in must be for this request and this server', async () => {
  const proof = await build();
  const error = (request: object, given: unknown = proof) =>
    thrown(() => requireDpopProof(given as string, { method: 'POST', url, ...request }));
  expect(() => requireDpopProof(proof, { method: 'POST', url: `${url}?tenant=1#x`, algorithms: ['ES256'] })).not.toThrow();
  expect(error({ method: 'GET' })).toMatchObject({ code: 'invalid_parameter' });
  expect(error({ url: 'https://server.example.com/token/' })).toMatchObject({
    code: 'invalid_parameter',
    message:
      'The DPoP proof is for "POST" "https://server.example.com/token", and the request is "POST" "https://server.example.com/token/"; build one for it',
  });
  expect(error({ algorithms: ['RS256'] })).toMatchObject({
    code: 'unsupported_algorithm',
    message: 'The DPoP proof is signed with "ES256", and the server takes "RS256"; use a key that fits',
  });
  expect(error({}, proof.replace('.', '.x'))).toMatchObject({ code: 'invalid_parameter', message: expect.stringContaining('dpop+jwt') });
  expect(error({}, 42)).toMatchObject({ code: 'invalid_parameter' });
});

test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('DP-02, JO-20: a proof that shows the private member %s is not sent', (member) => {
  const jwk = { ...createPublicKey(fixture('p256.crt.pem')).export({ format: 'jwk' }), [member]: 'AQ' };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const proof = `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${encode({ jti: 'id', iat: 1, htm: 'POST', htu: url })}.AA`;
  expect(thrown(() => requireDpopProof(proof, { method: 'POST', url }))).toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining('private key'),
  });
});

test.each<[string, { alg?: string | undefined; key?: string; claims?: object; signature?: string }, string]>([
  ['without a signature', { signature: '' }, 'invalid_parameter'],
  ['without a jti', { claims: { jti: undefined } }, 'invalid_parameter'],
  ['with an empty jti', { claims: { jti: '' } }, 'invalid_parameter'],
  ['with a jti that is no text', { claims: { jti: 7 } }, 'invalid_parameter'],
  ['without an iat', { claims: { iat: undefined } }, 'invalid_parameter'],
  ['with an iat that is no number', { claims: { iat: '1' } }, 'invalid_parameter'],
  ['signed with RS256 over an EC key', { alg: 'RS256' }, 'unsupported_algorithm'],
  ['signed with EdDSA over an EC key', { alg: 'EdDSA' }, 'unsupported_algorithm'],
  ['signed with ES256 over another curve', { key: 'p384' }, 'unsupported_algorithm'],
  ['without an alg', { alg: undefined }, 'unsupported_algorithm'],
])('DP-02, DP-04: a proof %s is not sent', (_, { key = 'p256', claims, signature = 'AA', ...more }, code) => {
  const jwk = createPublicKey(fixture(`${key}.crt.pem`)).export({ format: 'jwk' });
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const proofOf = (header: object, members: object | undefined, last: string) =>
    `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header })}.${encode({ jti: 'id', iat: 1, htm: 'POST', htu: url, ...members })}.${last}`;
  expect(thrown(() => requireDpopProof(proofOf(more, claims, signature), { method: 'POST', url }))).toMatchObject({ code });
  if (key === 'p256') expect(() => requireDpopProof(proofOf({}, {}, 'AA'), { method: 'POST', url })).not.toThrow();
});

test('DP-06: a nonce is read from any answer, whatever the shape of its headers', () => {
  expect(readDpopNonce({ 'DPoP-Nonce': 'n.1-a' })).toBe('n.1-a');
  expect(readDpopNonce(new Headers({ 'dpop-nonce': 'n' }))).toBe('n');
  expect(readDpopNonce({ 'dpop-nonce': ['n'] })).toBe('n');
  expect(readDpopNonce({})).toBeUndefined();
});

test('DP-06: a nonce is one text of printable ASCII, of at most 2048 characters, without space, quote or backslash', () => {
  for (let code = 0; code < 256; code += 1) {
    const allowed = code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c;
    const nonce = `a${String.fromCharCode(code)}b`;
    expect(readDpopNonce({ 'dpop-nonce': nonce })).toBe(allowed ? nonce : undefined);
  }
  expect(readDpopNonce({ 'dpop-nonce': 'x'.repeat(2048) })).toHaveLength(2048);
  expect(readDpopNonce({ 'dpop-nonce': 'x'.repeat(2049) })).toBeUndefined();
  const two = new Headers({ 'dpop-nonce': 'a' });
  two.append('dpop-nonce', 'b');
  expect(readDpopNonce(two)).toBeUndefined();
});

test('DP-07: a refusal that asks for a nonce says which, and no other answer does', () => {
  const demand = (status: number, error: string, headers: Record<string, string> = { 'dpop-nonce': 'n' }) =>
    readDpopNonceDemand({ status, headers, body: JSON.stringify({ error }) });
  expect(demand(400, 'use_dpop_nonce')).toBe('n');
  expect(demand(401, 'use_dpop_nonce')).toBe('n');
  expect(demand(200, 'use_dpop_nonce')).toBeUndefined();
  expect(demand(500, 'use_dpop_nonce')).toBeUndefined();
  expect(demand(400, 'invalid_dpop_proof')).toBeUndefined();
  expect(demand(400, 'use_dpop_nonce', {})).toBeUndefined();
  expect(readDpopNonceDemand({ status: 400, headers: { 'dpop-nonce': 'n' }, body: 'use_dpop_nonce' })).toBeUndefined();
});

test('DP-05, DP-10, DP-13: a token carries its key on, and makes a new proof with its own hash for every request', async () => {
  let clockMs = nowMs;
  let token: AccessToken | undefined;
  const binding = createDpopBinding({ ...p256, now: () => clockMs, accessToken: () => token?.value ?? '' });
  const response = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"access_token":"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU","token_type":"DPoP","expires_in":2677}',
  };
  token = readTokenResponse(response, { server, requestedAtMs: nowMs, tokenType: 'dpop', binding });
  expect(token.tokenType).toBe('DPoP');
  expect(token.binding?.thumbprint).toHaveLength(43);

  const first = (await token.binding?.proof?.({ method: 'GET', url: 'https://api.example/a?b' })) ?? '';
  clockMs += 1000;
  const second = (await token.binding?.proof?.({ method: 'GET', url: 'https://api.example/a?b', nonce: 'n' })) ?? '';
  const { payload } = await jwtVerify(first, EmbeddedJWK, verifyOptions);
  const claims = { htm: 'GET', htu: 'https://api.example/a', ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' };
  expect(payload).toEqual({ ...claims, iat: 1_562_262_616, jti: expect.any(String) });
  expect(decodeToken(second).claims).toEqual({ ...claims, iat: 1_562_262_617, nonce: 'n', jti: expect.any(String) });
  expect(decodeToken(second).claims['jti']).not.toBe(payload.jti);
});

test('DP-02, DP-12: a binding knows at once that its key will not do, and takes ids from outside', async () => {
  const common = { ...p256, now: () => nowMs, accessToken: () => 't' };
  expect(thrown(() => createDpopBinding({ ...common, algorithms: ['PS256'] }))).toMatchObject({ code: 'unsupported_algorithm' });
  const proof = await createDpopBinding({ ...common, uniqueId: () => 'mine' }).proof?.({ method: 'GET', url: 'https://api.example/' });
  expect(decodeToken(proof ?? '').claims['jti']).toBe('mine');
});

test.each([
  ['now', { now: nowMs }],
  ['accessToken', { accessToken: 'marker' }],
])('DP-05: a binding wants a function for %s, and does not repeat what it got', (name, wrong) => {
  const options = { ...p256, now: () => nowMs, accessToken: () => 't', ...wrong } as unknown;
  expect(thrown(() => createDpopBinding(options as Parameters<typeof createDpopBinding>[0]))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringMatching(new RegExp(`^${name} is of type \\w+; give a function$`)),
  });
});

test('SEC-08, DP-02: neither key nor token shows in a print of the binding', () => {
  const binding = createDpopBinding({ ...p256, now: () => nowMs, accessToken: () => 'marker' });
  const { d } = p256.publicKey as JsonWebKey;
  const printed = inspect(binding, { depth: 9, showHidden: true }) + JSON.stringify(binding);
  expect(printed).not.toContain('marker');
  expect(printed).not.toContain(d);
});
