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

test('octets that change in place, and a passphrase that does not fit any more, are noticed', async () => {
  const loopback = await startLoopback(sendToken);
  const pem = new TextEncoder().encode(fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'));
  let passphrase = 'correct horse';
  const { source } = sourceFor(loopback, { credential: certificate({ pem, passphrase: () => passphrase }) });
  await source.getToken('a');
  passphrase = 'wrong';
  await expect(source.getToken('b')).rejects.toMatchObject({ code: 'wrong_passphrase' });
  passphrase = 'correct horse';
  await source.getToken('b');
  pem.fill(0x20);
  await expect(source.getToken('c')).rejects.toMatchObject({ code: 'invalid_certificate' });
});

test('CE-04: a certificate that expired since it was parsed is not sent', async () => {
  const loopback = await startLoopback(sendToken);
  const { source, clock } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
  await source.getToken('a');
  clock.nowMs = Date.UTC(2120, 0);
  await expect(source.getToken('b')).rejects.toMatchObject({ code: 'certificate_expired' });
  expect(loopback.received).toHaveLength(1);
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
