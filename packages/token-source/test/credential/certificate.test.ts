/** `certificate`: PEM, DER and PFX in memory, parsed once, used while it is valid. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair, VALID_AT_MS } from '../../../../test/support/certificates.ts';
import { certificate } from '../../src/credential/certificate.ts';
import { createCertificateReader } from '../../src/credential/certificate-reader.ts';
import type { CertificateSource } from '../../src/credential/certificate-source.ts';
import { ENTRA_AUTHORITY, exchangeWith, loading, verified } from './loading.ts';

const der = (name: string): Uint8Array => new X509Certificate(fixture(`${name}.crt.pem`)).raw;
const keyDer = (name: string): Uint8Array => createPrivateKey(fixture(`${name}.key.pem`)).export({ format: 'der', type: 'pkcs8' });
const pfx = (name: string): Uint8Array => readFileSync(new URL(`../../../../test/fixtures/pkcs12/${name}.pfx`, import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const x5tS256 = (name: string): string => new X509Certificate(fixture(`${name}.crt.pem`)).fingerprint256.replaceAll(':', '');
const hex = (base64url: unknown): string => Buffer.from(String(base64url), 'base64url').toString('hex').toUpperCase();

test.each<readonly [string, CertificateSource, string, string]>([
  ['PEM in one text', { pem: pair('rsa') }, 'rsa', 'PS256'],
  ['PEM in octets', { pem: bytes(pair('p384')) }, 'p384', 'ES384'],
  ['PEM and its key apart, as DER', { pem: fixture('p256.crt.pem'), privateKey: keyDer('p256') }, 'p256', 'ES256'],
  [
    'PEM and an encrypted key',
    { pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.encrypted.key.pem'), passphrase: PASSPHRASE },
    'rsa',
    'PS256',
  ],
  ['DER and its key in PEM', { der: der('rsa'), privateKey: fixture('rsa.key.pem') }, 'rsa', 'PS256'],
  ['DER and its key in DER', { der: der('ed25519'), privateKey: keyDer('ed25519') }, 'ed25519', 'Ed25519'],
  ['PFX', { pfx: pfx('rsa'), passphrase: () => PASSPHRASE }, 'rsa', 'PS256'],
  ['PFX of an older tool', { pfx: pfx('legacy-p256'), passphrase: async () => PASSPHRASE }, 'p256', 'ES256'],
  ['PFX without a passphrase', { pfx: pfx('empty-passphrase') }, 'p256', 'ES256'],
])('CE-08, JA-11: %s signs an assertion that verifies', async (_, source, name, algorithm) => {
  const exchange = await exchangeWith(certificate(source));
  const { protectedHeader } = await verified(exchange, name, { algorithm });
  expect(hex(protectedHeader['x5t#S256'])).toBe(x5tS256(name));
  expect(exchange.loaded).toMatchObject({ kind: 'certificate', fingerprint: protectedHeader['x5t#S256'], expiresAtMs: Date.UTC(2119, 0) });
});

test('JA-01, JA-02, JA-03, JA-04, JA-05, JA-12: elsewhere the issuer alone is the audience, and the type says what the assertion is for', async () => {
  const exchange = await exchangeWith(certificate({ pem: pair('rsa') }));
  const { payload, protectedHeader } = await verified(exchange, 'rsa');
  expect(protectedHeader.typ).toBe('client-authentication+jwt');
  expect(payload).toMatchObject({ aud: 'https://as.example', iss: 'me', sub: 'me', exp: (payload.iat ?? 0) + 60 });
  expect(exchange.form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  expect(exchange.form.get('client_id')).toBe('me');
});

test('ENT-15, ENT-16: for Entra the token endpoint is the audience, for five minutes, with PS256 and x5t#S256', async () => {
  const exchange = await exchangeWith(certificate({ pem: pair('rsa') }), loading({ authority: ENTRA_AUTHORITY }));
  const { payload, protectedHeader } = await verified(exchange, 'rsa', { audience: exchange.request.url });
  expect(Object.keys(protectedHeader)).toEqual(['alg', 'typ', 'x5t#S256']);
  expect(payload.exp).toBe((payload.iat ?? 0) + 300);
});

test('ENT-17: RS256 and the older thumbprint go together, on request alone', async () => {
  const credential = certificate({ pem: pair('rsa') }, { algorithm: 'RS256' });
  const exchange = await exchangeWith(credential, loading({ authority: ENTRA_AUTHORITY }));
  const { protectedHeader } = await verified(exchange, 'rsa', { algorithm: 'RS256', audience: exchange.request.url });
  expect(Object.keys(protectedHeader)).toEqual(['alg', 'typ', 'x5t']);
});

test('CE-07, ENT-19: of a PFX with a chain the leaf signs, and x5c has it first', async () => {
  const exchange = await exchangeWith(certificate({ pfx: pfx('chain'), passphrase: PASSPHRASE }, { sendChain: true }));
  const { protectedHeader } = await verified(exchange, 'leaf');
  expect(protectedHeader.x5c?.map((part) => new X509Certificate(Buffer.from(part, 'base64')).subject.split('\n')[0])).toEqual([
    'CN=leaf',
    'CN=intermediate',
    'CN=root',
  ]);
});

test('a function is asked for every request, and its new certificate is used at once', async () => {
  let present: CertificateSource = { pem: pair('rsa') };
  const credential = certificate(async () => present);
  const first = await exchangeWith(credential);
  present = { pfx: pfx('p256'), passphrase: PASSPHRASE };
  const second = await exchangeWith(credential);
  await verified(first, 'rsa');
  await verified(second, 'p256', { algorithm: 'ES256' });
  expect(second.loaded.fingerprint).not.toBe(first.loaded.fingerprint);
});

test('a certificate is parsed once for all who ask, and again when any part of it changed', async () => {
  const read = createCertificateReader();
  const contents = { pem: undefined, der: undefined, pfx: pfx('rsa'), privateKey: undefined, passphrase: PASSPHRASE };
  const context = { nowMs: Date.UTC(2026, 11, 1) };
  const [first, ...others] = await Promise.all([read(contents, context), read(contents, context), read({ ...contents }, context)]);
  expect(others.every((other) => other === first)).toBe(true);
  expect(await read(contents, context)).toBe(first);
  const next = await read({ ...contents, pfx: pfx('p256') }, context);
  expect(next).not.toBe(first);
  await expect(read({ ...contents, passphrase: 'wrong' }, context)).rejects.toMatchObject({ code: 'wrong_passphrase' });
  await expect(read({ ...contents, passphrase: 'wrong' }, context)).rejects.toMatchObject({ code: 'wrong_passphrase' });
  expect(await read(contents, context)).not.toBe(first);
});

test('octets that change in place, and a passphrase that does not fit any more, are noticed', async () => {
  const pem = bytes(fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'));
  let passphrase = PASSPHRASE;
  const credential = certificate({ pem, passphrase: () => passphrase });
  await exchangeWith(credential);
  passphrase = 'wrong';
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'wrong_passphrase' });
  passphrase = PASSPHRASE;
  await exchangeWith(credential);
  pem.fill(0x20);
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'invalid_certificate' });
});

test('octets that change while the passphrase is asked for are read as they were', async () => {
  const pem = bytes(fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'));
  const passphrase = (): string => {
    pem.fill(0x20);
    return PASSPHRASE;
  };
  await verified(await exchangeWith(certificate({ pem, passphrase })), 'rsa');
});

test('CE-04: a certificate that expired since it was parsed is not used', async () => {
  const loads = loading();
  const credential = certificate({ pem: pair('rsa') });
  await exchangeWith(credential, loads);
  loads.clock.nowMs = Date.UTC(2120, 0);
  await expect(exchangeWith(credential, loads)).rejects.toMatchObject({ code: 'certificate_expired' });
});

const flawed: readonly (readonly [string, CertificateSource, number?])[] = [
  ['certificate_key_mismatch', { pem: fixture('rsa.crt.pem'), privateKey: fixture('p256.key.pem') }],
  ['weak_key', { pem: pair('weak') }],
  ['wrong_passphrase', { pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.encrypted.key.pem'), passphrase: 'wrong' }],
  ['wrong_passphrase', { pfx: pfx('rsa'), passphrase: 'wrong' }],
  ['unsupported_pkcs12', { pfx: pfx('no-mac'), passphrase: PASSPHRASE }],
  ['unsupported_pkcs12', { pfx: pfx('many-iterations'), passphrase: PASSPHRASE }],
  ['invalid_certificate', { pfx: der('rsa') }],
  ['invalid_certificate', { pem: 'nothing' }],
  ['invalid_credential', { der: der('rsa') }],
  ['certificate_expired', { pem: pair('rsa') }, Date.UTC(2120, 0)],
  ['certificate_not_yet_valid', { pem: pair('rsa') }, Date.UTC(2019, 0)],
];
test.each(flawed.map(([code, source, nowMs = VALID_AT_MS]) => ({ code, source, nowMs })))(
  'CE-06: $code is thrown when it is loaded',
  async (row) => {
    const { code, source, nowMs } = row;
    await expect(exchangeWith(certificate(source), loading({ now: () => nowMs }))).rejects.toMatchObject({ code });
  },
);

test.each<readonly [unknown, string]>([
  [{}, 'in no form'],
  [{ pem: pair('rsa'), pfx: pfx('rsa') }, 'pem and pfx'],
  [{ pfx: pfx('rsa'), privateKey: fixture('rsa.key.pem') }, 'leave privateKey out'],
  [{ der: fixture('rsa.crt.pem') }, '"der" of the certificate is of type string'],
  [{ pem: pair('rsa'), passPhrase: 'x' }, '"passPhrase" of the certificate is not known'],
  [{ pem: pair('rsa'), passphrase: null }, '"passphrase" of the certificate is null'],
  [pair('rsa'), 'no object'],
  [undefined, 'no object'],
])('a source of the wrong shape is refused at once, and from a function when it is asked (%#)', async (source, said) => {
  const refusal = expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(said) });
  expect(() => certificate(source as CertificateSource)).toThrowError(refusal);
  await expect(exchangeWith(certificate(() => source as CertificateSource))).rejects.toThrowError(refusal);
});

test.each<readonly [object, string]>([
  [{ lifetime: 60 }, 'invalid_configuration'],
  [{ sendChain: 'yes' }, 'invalid_configuration'],
  [{ claims: null }, 'invalid_configuration'],
  [{ lifetimeSeconds: 10 }, 'invalid_parameter'],
  [{ clockSkewSeconds: -1 }, 'invalid_parameter'],
  [{ algorithm: 'HS256' }, 'unsupported_algorithm'],
  [{ algorithm: 'none' }, 'unsupported_algorithm'],
])('JA-08, JA-11: the options %j are refused at once', (options, code) => {
  expect(() => certificate({ pem: pair('rsa') }, options)).toThrowError(expect.objectContaining({ code }));
});

test('later changes to the options change nothing, and an explicit undefined is as good as nothing', async () => {
  const options = { lifetimeSeconds: 90, keyId: undefined as string | undefined };
  const credential = certificate({ pem: pair('rsa'), der: undefined, passphrase: undefined }, options);
  options.lifetimeSeconds = 300;
  options.keyId = 'other';
  const { payload, protectedHeader } = await verified(await exchangeWith(credential), 'rsa');
  expect([(payload.exp ?? 0) - (payload.iat ?? 0), protectedHeader.kid]).toEqual([90, undefined]);
});

test('a function that fails is a credential that is not to be had, and its error the cause', async () => {
  const cause = new Error('vault down');
  const credential = certificate(() => Promise.reject(cause));
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'credential_unavailable', cause });
});

test('neither key nor passphrase shows in the credential, what was loaded, or an error', async () => {
  const source = { pem: `${fixture('rsa.crt.pem')}${fixture('rsa.encrypted.key.pem')}`, passphrase: PASSPHRASE };
  const credential = certificate(source);
  const { loaded } = await exchangeWith(credential);
  const error: unknown = await exchangeWith(certificate({ ...source, passphrase: 'marker' })).catch((reason: unknown) => reason);
  for (const value of [credential, loaded, error]) {
    expect(inspect(value, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(value)).not.toMatch(
      /PRIVATE KEY|marker|correct horse/,
    );
  }
});
