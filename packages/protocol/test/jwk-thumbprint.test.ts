import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { expect, test } from 'vitest';
import { jwkThumbprint } from '../src/jws/jwk-thumbprint.ts';
import { type Jwk, readPublicKey } from '../src/jws/public-key.ts';
import { thrown } from './thrown.ts';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

test.each([
  ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['P-256', () => ec('P-256')],
  ['P-384', () => ec('P-384')],
  ['P-521', () => ec('P-521')],
  ['Ed25519', () => generateKeyPairSync('ed25519')],
] as const)('JO-19, JO-20, DP-13: of a new %s key, private or public, the thumbprint is the one of jose', async (_, generate) => {
  const { privateKey, publicKey } = generate();
  const privateJwk = privateKey.export({ format: 'jwk' });
  const thumbprint = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }) as { kty: string });
  expect(jwkThumbprint(privateJwk)).toBe(thumbprint);
  expect(jwkThumbprint({ ...publicKey.export({ format: 'jwk' }), kid: 'x', use: 'sig', ext: true })).toBe(thumbprint);
  expect(readPublicKey(privateJwk).jwk).toEqual(publicKey.export({ format: 'jwk' }));
  expect(readPublicKey(privateJwk).key.equals(publicKey)).toBe(true);
});

test('JO-20: coordinates of a hundred P-256 keys are 43 characters each', () => {
  for (let count = 0; count < 100; count += 1) {
    const { x, y } = readPublicKey(ec('P-256').privateKey.export({ format: 'jwk' })).jwk;
    expect([x?.length, y?.length]).toEqual([43, 43]);
  }
});

test.each([
  ['undefined', undefined, 'undefined'],
  ['null', null, 'undefined'],
  ['a text', 'EC', 'undefined'],
  ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, '"oct"'],
  ['a type that objects have by nature', { kty: 'toString' }, '"toString"'],
  ['a type of another case', { kty: 'ec' }, '"ec"'],
])('JO-19: %s is no public key, and the message shows its type alone', (_, key, shown) => {
  expect(thrown(() => jwkThumbprint(key as Jwk))).toMatchObject({
    code: 'invalid_credential',
    message: `The public key's kty is ${shown}; give a JWK whose kty is EC, RSA or OKP`,
  });
});

test('JO-19, JO-20: the message names the member that is wrong, or those that a key needs', () => {
  const { x, y } = ec('P-256').publicKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const message = (key: object) => thrown(() => jwkThumbprint(key)) as Error;
  expect(message({ kty: 'EC', crv: 'P-256', x: `${x}=`, y }).message).toContain("The public key's x is not written as RFC 7518 §6 has it");
  expect(message({ ...rsa, e: 'AAEAAQ' }).message).toContain("The public key's e is not");
  expect(message({ kty: 'EC', crv: 'P-256', x }).message).toBe('The public key is no valid EC key; check its crv, kty, x, y');
  expect(message({ kty: 'OKP', crv: 'Ed25519', x: 'AA' }).message).toBe('The public key is no valid OKP key; check its crv, kty, x');
});
