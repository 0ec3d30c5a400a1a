/** `signer`: header and claims are made here, the signature is made elsewhere. */
import { constants, createPrivateKey, createSign, sign as signWith, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../../test/support/certificates.ts';
import { type SignerOptions, signer } from '../../src/credential/signer.ts';
import { TokenSourceError } from '../../src/errors.ts';
import { sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { exchangeWith, loading, verified } from './loading.ts';

/** What an HSM does: it has the key and signs, with OpenSSL's own words for the algorithm. */
function hsm(name: string): SignerOptions['sign'] {
  const key = createPrivateKey(fixture(`${name}.key.pem`));
  if (key.asymmetricKeyType === 'ec') return async (bytes) => signWith('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return async (bytes) => signWith('sha256', bytes, { key, ...padding });
}

const RSA: SignerOptions = { algorithm: 'PS256', sign: hsm('rsa'), certificate: fixture('rsa.crt.pem') };

test.each<readonly [string, SignerOptions, string]>([
  ['PEM', RSA, 'rsa'],
  ['DER', { ...RSA, certificate: new X509Certificate(fixture('rsa.crt.pem')).raw }, 'rsa'],
  ['PEM in octets, with a key that is left alone', { ...RSA, certificate: Buffer.from(pair('rsa')) }, 'rsa'],
  ['a P-256 key', { algorithm: 'ES256', sign: hsm('p256'), certificate: fixture('p256.crt.pem') }, 'p256'],
])('JA-11: an assertion that was signed elsewhere verifies, and names the certificate: %s', async (_, options, name) => {
  const exchange = await exchangeWith(signer(options));
  const { protectedHeader } = await verified(exchange, name, { algorithm: options.algorithm });
  expect(protectedHeader).toEqual({ alg: options.algorithm, typ: 'client-authentication+jwt', 'x5t#S256': exchange.loaded.fingerprint });
  expect(exchange.loaded).toMatchObject({ kind: 'signer', expiresAtMs: Date.UTC(2119, 0) });
});

test('without a certificate the key goes by its id', async () => {
  const credential = signer({ algorithm: 'PS256', sign: hsm('rsa'), keyId: 'vault/keys/daemon/7', certificate: undefined });
  const exchange = await exchangeWith(credential);
  expect((await verified(exchange, 'rsa')).protectedHeader.kid).toBe('vault/keys/daemon/7');
  expect('expiresAtMs' in exchange.loaded).toBe(false);
  expect((await exchangeWith(credential)).loaded.fingerprint).toBe(exchange.loaded.fingerprint);
});

test('with neither, nobody is asked to sign', async () => {
  let asked = 0;
  const sign: SignerOptions['sign'] = (bytes) => {
    asked += 1;
    return bytes;
  };
  await expect(exchangeWith(signer({ algorithm: 'PS256', sign }))).rejects.toMatchObject({ code: 'invalid_parameter' });
  expect(asked).toBe(0);
});

test('JA-09: sign is called once for each request, with octets that differ', async () => {
  const seen: string[] = [];
  const credential = signer({
    ...RSA,
    sign(bytes) {
      seen.push(Buffer.from(bytes).toString());
      return hsm('rsa')(bytes);
    },
  });
  for (let call = 0; call < 2; call += 1) await exchangeWith(credential);
  expect(new Set(seen).size).toBe(2);
  expect(seen).toHaveLength(2);
});

test('sign is called as a method of what was given', async () => {
  const options = {
    ...RSA,
    sign(this: unknown, bytes: Uint8Array) {
      expect(this).toBe(options);
      return hsm('rsa')(bytes);
    },
  };
  await verified(await exchangeWith(signer(options)), 'rsa');
});

test('ENT-17: a signature that fails is a passing failure, tried again as configured and with no other algorithm', async () => {
  const cause = new Error('the HSM is busy');
  const signed: string[] = [];
  const credential = signer({
    ...RSA,
    async sign(bytes) {
      signed.push(String(decodeProtectedHeader(`${Buffer.from(bytes)}.`).alg));
      if (signed.length < 3) throw cause;
      return hsm('rsa')(bytes);
    },
  });
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'credential_unavailable', transient: true, cause });
  const loopback = await startLoopback(sendToken);
  const { source, pauses } = sourceFor(loopback, { credential });
  expect((await source.getToken('a')).value).toBe('token-0');
  expect([pauses.length, signed, loopback.received.length]).toEqual([1, ['PS256', 'PS256', 'PS256'], 1]);
});

test('an error of ours is passed on as it is', async () => {
  const error = new TokenSourceError('credential_unavailable', 'The key was deleted');
  await expect(exchangeWith(signer({ ...RSA, sign: () => Promise.reject(error) }))).rejects.toBe(error);
});

test('a function that never ends is not waited for beyond the signal, and a late failure is nobody’s', async () => {
  const controller = new AbortController();
  let failLate = (_: Error): void => {};
  const credential = signer({
    ...RSA,
    sign: () => {
      queueMicrotask(() => controller.abort(new Error('time is up')));
      return new Promise((_, reject) => {
        failLate = reject;
      });
    },
  });
  await expect(exchangeWith(credential, loading({ signal: controller.signal }))).rejects.toThrow('time is up');
  failLate(new Error('late'));
});

test.each<readonly [string, SignerOptions['sign']]>([
  ['no octets', () => 'c2lnbmF0dXJl' as never],
  ['DER in place of two halves', (bytes) => createSign('sha256').update(bytes).sign(fixture('p256.key.pem'))],
])('a signature that is %s is refused before anything is sent', async (_, sign) => {
  const credential = signer({ algorithm: 'ES256', sign, certificate: fixture('p256.crt.pem') });
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'invalid_credential' });
});

test.each<readonly [string, Partial<SignerOptions>, number]>([
  ['certificate_expired', {}, Date.UTC(2120, 0)],
  ['certificate_not_yet_valid', {}, Date.UTC(2019, 0)],
  ['unsupported_algorithm', { certificate: fixture('p256.crt.pem') }, VALID_AT_MS],
  ['invalid_certificate', { certificate: 'nothing' }, VALID_AT_MS],
])('CE-04: %s is thrown before anybody signs', async (code, changes, nowMs) => {
  await expect(exchangeWith(signer({ ...RSA, ...changes }), loading({ now: () => nowMs }))).rejects.toMatchObject({ code });
});

test('CE-04: a certificate that expired since it was read is not named', async () => {
  const loads = loading();
  const credential = signer(RSA);
  await exchangeWith(credential, loads);
  loads.clock.nowMs = Date.UTC(2120, 0);
  expect(() => credential.load(loads.context)).toThrowError(expect.objectContaining({ code: 'certificate_expired' }));
});

test.each<readonly [object, string]>([
  [{ sign: undefined }, 'invalid_configuration'],
  [{ sign: 'openssl' }, 'invalid_configuration'],
  [{ algorithm: undefined }, 'invalid_configuration'],
  [{ algorithm: 'HS256' }, 'unsupported_algorithm'],
  [{ certificate: { pem: '' } }, 'invalid_configuration'],
  [{ privateKey: 'x' }, 'invalid_configuration'],
  [{ lifetimeSeconds: 3600 }, 'invalid_parameter'],
])('JA-08: signer with %j is refused at once', (changes, code) => {
  expect(() => signer({ ...RSA, ...changes } as SignerOptions)).toThrowError(expect.objectContaining({ code }));
});
