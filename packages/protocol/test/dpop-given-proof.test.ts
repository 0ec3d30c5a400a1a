import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { requireDpopProof } from '../src/dpop/given-proof.ts';
import { build, url } from './sample-proof.ts';
import { thrown } from './thrown.ts';

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
