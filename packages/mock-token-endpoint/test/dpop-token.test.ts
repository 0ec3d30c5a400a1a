/** DPoP proofs at the token endpoint: what one must be like, and what a token is then bound to. RFC 9449 §4.3, §5, §6 and §8. */
import { connect } from 'node:tls';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NOW_SECONDS } from './harness.ts';
import { createProver, type Prover, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

let harness: RfcHarness;
let demanding: RfcHarness;
let prover: Prover;
let tokenEndpoint: string;
beforeAll(async () => {
  [harness, demanding, prover] = await Promise.all([startRfcHarness(), startRfcHarness({ dpopNonce: true }), createProver()]);
  tokenEndpoint = `${harness.mock.issuer}/token`;
});
afterEach(() => harness.mock.reset());
afterAll(() => Promise.all([harness.close(), demanding.close()]));

const ask = (dpop: string, on = harness) => on.ask(on.secretFields(), { headers: { dpop } });

test('DP-13: the token is bound to the thumbprint of the key, and its type is DPoP', async () => {
  const { status, json } = await ask(await prover.proof(tokenEndpoint));
  expect([status, json.token_type]).toEqual([200, 'DPoP']);
  expect(decodeJwt(json.access_token)['cnf']).toEqual({ jkt: prover.jkt });
});

test('without a proof the token is for any bearer', async () => {
  const { json } = await harness.ask(harness.secretFields());
  expect([json.token_type, decodeJwt(json.access_token)['cnf']]).toEqual(['Bearer', undefined]);
});

test.each([
  ['PS256', { modulusLength: 2048 }],
  ['ES384', {}],
  ['EdDSA', {}],
])('a proof with %s is taken', async (alg, options) => {
  const { publicKey, privateKey } = await generateKeyPair(alg, options);
  const proof = await new SignJWT({ jti: 'j', htm: 'POST', htu: tokenEndpoint, iat: NOW_SECONDS })
    .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk: await exportJWK(publicKey) })
    .sign(privateKey);
  expect((await ask(proof)).status).toBe(200);
});

test('DP-04: htu is compared as a URI, not as a string', async () => {
  const { port } = new URL(tokenEndpoint);
  for (const htu of [`HTTPS://127.0.0.1:${port}/rfc/token`, `https://127.0.0.1:${port}/x/../rfc/%74oken`]) {
    expect((await ask(await prover.proof(htu))).status).toBe(200);
  }
});

describe('invalid_dpop_proof', () => {
  const jwkOf = async () => (await createProver()).publicJwk;
  const bad: { title: string; proof: () => Promise<string>; says: string }[] = [
    { title: 'an empty header', proof: async () => '', says: 'one DPoP header' },
    { title: 'DP-01: what is no JWT', proof: async () => 'proof', says: 'not a JWT' },
    { title: 'DP-03: another type', proof: () => prover.proof(tokenEndpoint, { header: { typ: 'JWT' } }), says: 'typ' },
    { title: 'DP-03: no type', proof: () => prover.proof(tokenEndpoint, { header: { typ: undefined } }), says: 'typ' },
    {
      title: 'DP-02: a private key in the header',
      proof: () => prover.proof(tokenEndpoint, { header: { jwk: { ...prover.publicJwk, d: 'AA' } } }),
      says: 'not a public key',
    },
    {
      title: 'DP-02: a symmetric key in the header',
      proof: () => prover.proof(tokenEndpoint, { header: { jwk: { kty: 'oct', k: 'AA' } } }),
      says: 'not a public key',
    },
    { title: 'no key in the header', proof: () => prover.proof(tokenEndpoint, { header: { jwk: undefined } }), says: 'not a public key' },
    { title: 'a key that is none', proof: () => prover.proof(tokenEndpoint, { header: { jwk: { kty: 'EC' } } }), says: 'cannot be read' },
    {
      title: 'the key of somebody else',
      proof: async () => prover.proof(tokenEndpoint, { header: { jwk: await jwkOf() } }),
      says: 'signature',
    },
    { title: 'DP-04: another method', proof: () => prover.proof(tokenEndpoint, { claims: { htm: 'GET' } }), says: 'htm' },
    { title: 'DP-04: the method in lower case', proof: () => prover.proof(tokenEndpoint, { claims: { htm: 'post' } }), says: 'htm' },
    { title: 'DP-04: another path', proof: () => prover.proof(harness.mock.tokenEndpoint), says: 'htu' },
    { title: 'DP-04: a slash more', proof: () => prover.proof(`${tokenEndpoint}/`), says: 'htu' },
    { title: 'DP-04: a query', proof: () => prover.proof(`${tokenEndpoint}?a=b`), says: 'htu' },
    { title: 'DP-04: a fragment', proof: () => prover.proof(`${tokenEndpoint}#f`), says: 'htu' },
    { title: 'DP-04: a path alone', proof: () => prover.proof('/rfc/token'), says: 'htu' },
    { title: 'DP-04: no htu', proof: () => prover.proof(tokenEndpoint, { claims: { htu: undefined } }), says: 'htu' },
    { title: 'DP-04: no jti', proof: () => prover.proof(tokenEndpoint, { claims: { jti: undefined } }), says: 'jti' },
    { title: 'DP-04: no iat', proof: () => prover.proof(tokenEndpoint, { claims: { iat: undefined } }), says: 'iat' },
    { title: 'an iat long ago', proof: () => prover.proof(tokenEndpoint, { claims: { iat: NOW_SECONDS - 301 } }), says: 'iat' },
    { title: 'an iat to come', proof: () => prover.proof(tokenEndpoint, { claims: { iat: NOW_SECONDS + 301 } }), says: 'iat' },
  ];
  test.each(bad)('$title', async ({ proof, says }) => {
    const reply = await ask(await proof());
    expect([reply.status, reply.json.error]).toEqual([400, 'invalid_dpop_proof']);
    expect(reply.json.error_description).toContain(says);
  });

  test('DP-02: none and a MAC are no signatures', async () => {
    const [, payload] = (await prover.proof(tokenEndpoint)).split('.');
    const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: prover.publicJwk })).toString('base64url');
    expect((await ask(`${header}.${payload}.`)).json.error_description).toContain('alg');
    const mac = await new SignJWT({ jti: 'j', htm: 'POST', htu: tokenEndpoint, iat: NOW_SECONDS })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk: prover.publicJwk })
      .sign(Buffer.from('k'.repeat(32)));
    expect((await ask(mac)).json.error_description).toContain('alg');
  });

  test('a proof is good once', async () => {
    const proof = await prover.proof(tokenEndpoint);
    expect((await ask(proof)).status).toBe(200);
    expect((await ask(proof)).json).toEqual({
      error: 'invalid_dpop_proof',
      error_description: 'The jti of the DPoP proof has been used before.',
    });
    // To the last millisecond in which its iat would still do.
    harness.mock.advanceClock(300_000);
    expect((await ask(proof)).json.error_description).toContain('used before');
  });

  test('DP-01: two header lines are one too many, even with two good proofs', async () => {
    const proofs = [await prover.proof(tokenEndpoint), await prover.proof(tokenEndpoint)];
    const body = new URLSearchParams(harness.secretFields() as Record<string, string>).toString();
    const { port, host } = new URL(tokenEndpoint);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: harness.mock.ca }, () => {
        const head = [`POST /rfc/token HTTP/1.1`, `Host: ${host}`, ...proofs.map((proof) => `DPoP: ${proof}`), 'Connection: close'];
        const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
        socket.write(`${[...head, ...form].join('\r\n')}\r\n\r\n${body}`);
      });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"error":"invalid_dpop_proof"');
  });
});

describe('nonces', () => {
  const endpoint = () => `${demanding.mock.issuer}/token`;
  afterEach(() => demanding.mock.reset());

  test('DP-07: a proof without one is 400 use_dpop_nonce, and the answer has the nonce to use', async () => {
    const refused = await ask(await prover.proof(endpoint()), demanding);
    expect([refused.status, refused.json.error]).toEqual([400, 'use_dpop_nonce']);
    const nonce = refused.headers['dpop-nonce'];
    expect(nonce).toMatch(/^[\w-]{43}$/);
    const reply = await ask(await prover.proof(endpoint(), { claims: { nonce } }), demanding);
    expect([reply.status, reply.headers['dpop-nonce']]).toEqual([200, nonce]);
  });

  test('a nonce is good for two and a half to five minutes, and what is none is never', async () => {
    const { headers } = await demanding.ask({});
    const nonce = headers['dpop-nonce'];
    const later = async (seconds: number) => {
      demanding.mock.reset();
      demanding.mock.advanceClock(seconds * 1000);
      return (await ask(await prover.proof(endpoint(), { claims: { nonce } }), demanding)).json.error;
    };
    expect([await later(0), await later(150), await later(300)]).toEqual([undefined, undefined, 'use_dpop_nonce']);
    const invented = await ask(await prover.proof(endpoint(), { claims: { nonce: 'A'.repeat(43) } }), demanding);
    expect(invented.json.error).toBe('use_dpop_nonce');
  });

  test('a request without a proof needs none', async () => {
    expect((await demanding.ask(demanding.secretFields())).json.token_type).toBe('Bearer');
  });

  test('who demands none gives none', async () => {
    expect((await harness.ask({})).headers).not.toHaveProperty('dpop-nonce');
  });
});
