import { importX509, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { fixture, pair } from '../../../test/support/certificates.ts';
import { certificate } from '../src/index.ts';
import { type Loopback, sendToken, startLoopback } from './loopback.ts';
import { sourceFor } from './source.ts';

/** The assertion of the `index`-th request, verified with the public half of a certificate. */
async function verified(loopback: Loopback, index: number, name: string, algorithm: string) {
  const assertion = loopback.received[index]?.form.get('client_assertion') ?? '';
  const options = {
    algorithms: [algorithm],
    audience: loopback.origin,
    issuer: 'me',
    subject: 'me',
    currentDate: new Date(Date.UTC(2026, 11, 1)),
  };
  return jwtVerify(assertion, await importX509(fixture(`${name}.crt.pem`), algorithm), options);
}

test('an assertion signed with a certificate verifies, and so does one after the certificate was rotated', async () => {
  const loopback = await startLoopback(sendToken);
  let present = pair('rsa');
  const { source } = sourceFor(loopback, { credential: certificate(() => ({ pem: present })) });
  await source.getToken('a');
  await source.getToken('b');
  present = pair('p256');
  await source.getToken('c');
  await verified(loopback, 0, 'rsa', 'PS256');
  await verified(loopback, 1, 'rsa', 'PS256');
  await verified(loopback, 2, 'p256', 'ES256');
});

test('the key may stand in a text of its own, be encrypted, and have its passphrase asked for', async () => {
  const loopback = await startLoopback(sendToken);
  const bytes = new TextEncoder();
  const source = () => ({
    pem: bytes.encode(fixture('rsa.crt.pem')),
    privateKey: bytes.encode(fixture('rsa.encrypted.key.pem')),
    passphrase: async () => 'correct horse',
  });
  const tokens = sourceFor(loopback, { credential: certificate(source, { algorithm: 'RS256', thumbprint: 'x5t' }) }).source;
  await tokens.getToken('a');
  await tokens.getToken('b');
  expect((await verified(loopback, 1, 'rsa', 'RS256')).protectedHeader).toMatchObject({ x5t: expect.any(String) });
});

test.each([
  ['certificate_key_mismatch', { pem: fixture('rsa.crt.pem'), privateKey: fixture('p256.key.pem') }, {}],
  ['weak_key', { pem: pair('weak') }, {}],
  ['wrong_passphrase', { pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.encrypted.key.pem'), passphrase: 'wrong' }, {}],
  ['certificate_expired', { pem: pair('rsa') }, { now: () => Date.UTC(2120, 0) }],
  ['certificate_not_yet_valid', { pem: pair('rsa') }, { now: () => Date.UTC(2019, 0) }],
  ['invalid_certificate', { pem: 'nothing' }, {}],
  ['invalid_configuration', {}, {}],
])('%s is thrown before any request', async (code, source, options) => {
  const loopback = await startLoopback(sendToken);
  await expect(sourceFor(loopback, { credential: certificate(source), ...options }).source.getToken('a')).rejects.toMatchObject({ code });
  expect(loopback.received).toEqual([]);
});
