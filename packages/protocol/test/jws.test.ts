import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CompactSign, compactVerify, flattenedVerify, type JWSHeaderParameters } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { algorithmsOf, allAlgorithms, type SigningAlgorithm, signatureScheme } from '../src/jws/algorithm.ts';
import { decodeToken, signCompact } from '../src/jws/compact.ts';
import { createHmacSigner } from '../src/jws/hmac.ts';
import { listedName, requireListed } from '../src/jws/listed-algorithm.ts';
import { createSigner, requireSigner, type Signer } from '../src/jws/signer.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { thrown } from './thrown.ts';

afterEach(() => vi.restoreAllMocks());

const KEY_OF: Readonly<Record<SigningAlgorithm, string>> = {
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  PS256: 'rsa',
  PS384: 'rsa',
  PS512: 'rsa',
  ES256: 'p256',
  ES384: 'p384',
  ES512: 'p521',
  Ed25519: 'ed25519',
};
const privateKey = (algorithm: SigningAlgorithm) => createPrivateKey(fixture(`${KEY_OF[algorithm]}.key.pem`));
const publicKey = (algorithm: SigningAlgorithm) => createPublicKey(fixture(`${KEY_OF[algorithm]}.crt.pem`));
const algorithms = Object.keys(KEY_OF) as SigningAlgorithm[];
const objects = fc.dictionary(
  fc.string({ unit: 'binary' }).filter((name) => !['alg', 'crit', 'b64', '__proto__'].includes(name)),
  fc.jsonValue().filter((value) => !JSON.stringify(value).includes('-0')),
);

test.each(algorithms)(
  'JO-02, JO-03: whatever is signed here with %s verifies in jose, and is read there as it was written',
  async (algorithm) => {
    const signer = createSigner(privateKey(algorithm), algorithm);
    await fc.assert(
      fc.asyncProperty(objects, objects, async (header, claims) => {
        const jwt = await signCompact({ header, claims }, signer);
        const { payload, protectedHeader } = await compactVerify(jwt, publicKey(algorithm), { algorithms: [algorithm] });
        expect(protectedHeader).toEqual({ ...JSON.parse(JSON.stringify(header)), alg: algorithm });
        expect(JSON.parse(Buffer.from(payload).toString())).toEqual(JSON.parse(JSON.stringify(claims)));
      }),
      { numRuns: 10 },
    );
  },
);

test.each(algorithms)('JO-02: what jose signs with %s is read here as it was written', async (algorithm) => {
  await fc.assert(
    fc.asyncProperty(objects, objects, async (header, claims) => {
      const protectedHeader = { ...header, alg: algorithm } as JWSHeaderParameters & { alg: string };
      const jwt = await new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader(protectedHeader)
        .sign(privateKey(algorithm));
      expect(decodeToken(jwt)).toEqual(JSON.parse(JSON.stringify({ header: protectedHeader, claims })));
    }),
    { numRuns: 10 },
  );
});

test('JO-02: HS256 made here verifies in jose with the same octets, and with no others', async () => {
  const octets = Buffer.from('a secret of thirty-two octets: ü');
  const jwt = await signCompact({ header: { typ: 'JWT' }, claims: { a: 1 } }, createHmacSigner(octets));
  await expect(compactVerify(jwt, octets, { algorithms: ['HS256'] })).resolves.toMatchObject({
    protectedHeader: { alg: 'HS256', typ: 'JWT' },
  });
  await expect(compactVerify(jwt, octets.fill(0))).rejects.toThrow();
});

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

test.each([
  ['an ArrayBuffer, as WebCrypto returns it', new ArrayBuffer(64), 'wrap the ArrayBuffer'],
  ['a text', 'AQID', 'decode a text'],
  ['nothing', undefined, 'no Uint8Array'],
  ['DER', new Uint8Array(71), 'returned 71 octets; ES256 wants 64 octets, for ECDSA its two halves side by side'],
  ['no octets', new Uint8Array(), 'returned 0 octets'],
])('JO-07: %s from a signer is no signature', async (_, signature, words) => {
  const signer = { algorithm: 'ES256', sign: () => signature as Uint8Array } as const;
  await expect(signCompact({ header: {}, claims: {} }, signer)).rejects.toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining(words),
  });
});

test('JO-07: an empty signature is none for RSA either', async () => {
  const signer = { algorithm: 'PS256', sign: () => new Uint8Array() } as const;
  await expect(signCompact({ header: {}, claims: {} }, signer)).rejects.toMatchObject({
    code: 'invalid_credential',
    message: 'The signer returned 0 octets; PS256 wants a signature',
  });
});

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

test('JO-12: jose refuses the unknown critical header of RFC 7515 Appendix E, and no header made here names one', async () => {
  const [header, payload] = [
    'eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0',
    'RkFJTA',
  ];
  await expect(flattenedVerify({ protected: header, payload, signature: '' }, new Uint8Array(32))).rejects.toMatchObject({
    code: 'ERR_JOSE_NOT_SUPPORTED',
    message: expect.stringContaining('http://example.com/UNDEFINED'),
  });
  const jwt = await signCompact({ header: {}, claims: {} }, createSigner(privateKey('ES256')));
  expect(decodeToken(jwt).header).toEqual({ alg: 'ES256' });
});

test('JO-18: the URLs in a header are shown, and nobody goes there', () => {
  const fetch = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no'));
  const header = { alg: 'RS256', jku: 'http://attacker.example/keys', x5u: 'http://attacker.example/cert', kid: "' or 1=1 --" };
  expect(decodeToken(`${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.`)).toEqual({ header, claims: {} });
  expect(fetch).not.toHaveBeenCalled();
});

test.each(['opaque', 'eyJub25jZSI6IngifQ.e30.!', 'a.b.c.d.e', 'PAQABAAEAAAD--DLA3VO7QrddgJg7Wevr'])(
  'JO-21: the access token %s is taken as it is, whatever it looks like',
  (value) => {
    const body = JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in: 60 });
    const server = { profile: 'entra', issuer: 'https://i.example', tokenEndpoint: 'https://i.example/t' } as const;
    const response = { status: 200, headers: { 'content-type': 'application/json' }, body };
    expect(readTokenResponse(response, { server, requestedAtMs: 0 }).value).toBe(value);
  },
);

test.each(['', 'a', 'a.b', 'e30.e30.x.x', 'e30.W10.', 'e30.e3.', 'e30.bm8.', 'e30.gA.', 'e30.e30.!', 'e30.e30', 'bnVsbA.e30.', 'e30.IiI.'])(
  'JO-02: %j is no JWT, and the message does not repeat it',
  (text) => {
    expect(thrown(() => decodeToken(text))).toMatchObject({ code: 'invalid_parameter', message: expect.not.stringContaining('e30') });
  },
);

test.each([[undefined], [null], [42], [{}]])('JO-02: %j is no JWT either', (value) => {
  expect(thrown(() => decodeToken(value as unknown as string))).toMatchObject({ code: 'invalid_parameter' });
});

test('JO-02: the message says what is wrong with it', () => {
  const message = (text: string) => (thrown(() => decodeToken(text)) as Error).message;
  expect(message('.'.repeat(1_000_000))).toContain('three parts');
  expect(message('W10.e30.')).toContain("JWT's header is not a JSON object");
  expect(message('e30.W10.')).toContain("JWT's payload is not a JSON object");
  expect(message('e30.e30.=')).toContain('base64url');
});
