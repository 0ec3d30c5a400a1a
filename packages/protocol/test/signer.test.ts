import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { algorithmsOf, allAlgorithms, signatureScheme } from '../src/jws/algorithm.ts';
import { createHmacSigner } from '../src/jws/hmac.ts';
import { listedName, requireListed } from '../src/jws/listed-algorithm.ts';
import { createSigner, requireSigner, type Signer } from '../src/jws/signer.ts';
import { algorithms, privateKey, publicKey } from './signing-keys.ts';
import { thrown } from './thrown.ts';

test('JO-06: the third-party signature with PS256 verifies with a salt of 32 octets, not of 20, and not as RS256', () => {
  const { vectors } = JSON.parse(readFileSync(new URL('../vectors/jws.json', import.meta.url), 'utf8')) as {
    vectors: { input: { algorithm: string; key: JsonWebKey; signingInput: string; signature: string } }[];
  };
  const { key: jwk, signingInput, signature } = vectors.find(({ input }) => input.algorithm === 'PS256')?.input ?? expect.fail();
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const verifies = (options: object) =>
    verify('sha256', Buffer.from(signingInput), { key, ...options }, Buffer.from(signature, 'base64url'));
  expect([20, 32].map((saltLength) => verifies({ padding: 6, saltLength }))).toEqual([false, true]);
  expect(verifies({ padding: 1 })).toBe(false);
});

test.each([
  ['PS256', 'sha256', 32],
  ['PS384', 'sha384', 48],
  ['PS512', 'sha512', 64],
] as const)('JO-06: %s signs with %s and a salt as long as it, and no other length verifies', async (algorithm, digest, salt) => {
  const bytes = Buffer.from('x');
  const signature = await createSigner(privateKey(algorithm), algorithm).sign(bytes);
  const key = publicKey(algorithm);
  const lengths = [0, 20, 31, 32, 33, 47, 48, 49, 63, 64, 65, 222];
  expect(lengths.filter((saltLength) => verify(digest, bytes, { key, padding: 6, saltLength }, signature))).toEqual([salt]);
});

test.each([
  ['ES256', 64, 500],
  ['ES384', 96, 50],
  ['ES512', 132, 50],
  ['Ed25519', 64, 5],
] as const)('JO-07: signatures with %s are %d octets each, %d times', async (algorithm, octets, times) => {
  const signer = createSigner(privateKey(algorithm));
  expect(signer.algorithm).toBe(algorithm);
  expect(signatureScheme(algorithm).octets).toBe(octets);
  const lengths = await Promise.all(Array.from({ length: times }, async (_, index) => (await signer.sign(Buffer.from(`${index}`))).length));
  expect(new Set(lengths)).toEqual(new Set([octets]));
});

test('JO-03: a key signs with its own algorithms alone', () => {
  expect(algorithmsOf(privateKey('PS256'))).toEqual(['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']);
  expect(algorithmsOf(privateKey('ES384'))).toEqual(['ES384']);
  expect(thrown(() => createSigner(privateKey('PS256'), 'ES256'))).toMatchObject({
    code: 'unsupported_algorithm',
    message: 'This key cannot sign with "ES256"; it can sign with PS256, PS384, PS512, RS256, RS384, RS512',
  });
  for (const key of [generateKeyPairSync('ec', { namedCurve: 'secp256k1' }), generateKeyPairSync('ed448'), generateKeyPairSync('x25519')]) {
    expect(thrown(() => createSigner(key.privateKey))).toMatchObject({
      code: 'unsupported_algorithm',
      message: expect.stringContaining('No registered algorithm fits this key'),
    });
  }
});

test('JO-04: an RSA key of 2047 bits signs nothing, one of 2048 does', () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 2047 }).privateKey;
  expect(thrown(() => createSigner(short))).toMatchObject({ code: 'weak_key', message: expect.stringContaining('2047 bits') });
  expect(createSigner(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).algorithm).toBe('PS256');
});

test('JA-11, JO-03: neither none nor a MAC is among the algorithms of a signer', () => {
  expect([...allAlgorithms()].toSorted()).toEqual(algorithms.toSorted());
  for (const algorithm of ['none', 'HS256', 'HS384', 'HS512', 'EdDSA', 'rs256', 'toString', '', undefined]) {
    const signer = { algorithm, sign: () => new Uint8Array(64) } as Signer;
    expect(thrown(() => requireSigner(signer))).toMatchObject({ code: 'unsupported_algorithm' });
  }
});

test.each([[undefined], [null], [{}], [{ algorithm: 'PS256' }], [{ algorithm: 'PS256', sign: 'sign' }]])(
  'JO-03: %j is no signer',
  (signer) => {
    expect(thrown(() => requireSigner(signer as unknown as Signer))).toMatchObject({ code: 'invalid_credential' });
  },
);

test('JO-03: a damaged key signs nothing', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // In DER, since Node 26 looks into a JWK before it takes it.
  const der = privateKey.export({ format: 'der', type: 'pkcs1' });
  der[der.indexOf(Buffer.from(privateKey.export({ format: 'jwk' }).n ?? '', 'base64url')) + 255] = 0;
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs1' });
  await expect(createSigner(key).sign(Buffer.from('x'))).rejects.toMatchObject({
    code: 'invalid_credential',
    message: 'The private key does not sign with PS256; check where it came from',
  });
});

test('JA-16: an HMAC key has 32 octets or more', () => {
  expect(thrown(() => createHmacSigner(new Uint8Array(31)))).toMatchObject({
    code: 'weak_key',
    message: expect.stringContaining('31 octets'),
  });
  expect(createHmacSigner(new Uint8Array(32)).algorithm).toBe('HS256');
});

test('DI-07, JO-22: an algorithm is listed by its own name, Ed25519 also by its older one', () => {
  expect(listedName('PS256', undefined)).toBe('PS256');
  expect(listedName('PS256', ['RS256', 'PS256'])).toBe('PS256');
  expect(listedName('PS256', ['RS256', 'EdDSA'])).toBeUndefined();
  expect(listedName('Ed25519', ['EdDSA', 'Ed25519'])).toBe('Ed25519');
  expect(listedName('Ed25519', ['EdDSA'])).toBe('EdDSA');
  expect(listedName('Ed25519', ['RS256'])).toBeUndefined();
  expect(thrown(() => requireListed('PS256', { of: 'client assertions', names: ['RS256', 'none'] }))).toMatchObject({
    code: 'unsupported_algorithm',
    message:
      'The server takes client assertions signed with "RS256 none", and "PS256" is not among them; use a key or an algorithm that is',
  });
});
