import fc from 'fast-check';
import { CompactSign, compactVerify, flattenedVerify, type JWSHeaderParameters } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { decodeToken, signCompact } from '../src/jws/compact.ts';
import { createHmacSigner } from '../src/jws/hmac.ts';
import { createSigner } from '../src/jws/signer.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { algorithms, privateKey, publicKey } from './signing-keys.ts';
import { thrown } from './thrown.ts';

afterEach(() => vi.restoreAllMocks());

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
