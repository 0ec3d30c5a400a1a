/** `secret`: how it travels, what it signs, and what is refused. */
import { inspect } from 'node:util';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { VALID_AT_MS } from '../../../../test/support/certificates.ts';
import { type SecretOptions, secret } from '../../src/credential/secret.ts';
import { ENTRA_AUTHORITY, exchangeWith, ISSUER, loading } from './loading.ts';

const LONG = 'p+q%r/é~. of at least 32 octets!';

/** A server that says which methods it takes. */
const listing = (...clientAuthenticationMethods: string[]) =>
  ({ profile: 'rfc', issuer: ISSUER, tokenEndpoint: `${ISSUER}/token`, clientAuthenticationMethods }) as const;

test('CC-09, CC-10: with HTTP Basic both halves are form-encoded before they are joined', async () => {
  const { request, form } = await exchangeWith(secret('p+q%r/é~.'), loading({ clientId: 'a:b c' }));
  expect(request.headers['authorization']).toBe('Basic YSUzQWIrYzpwJTJCcSUyNXIlMkYlQzMlQTl+Lg==');
  expect(Object.fromEntries(form)).toEqual({ grant_type: 'client_credentials', scope: 'a' });
});

test('CC-09: raw joins them as they are, for servers that do not decode, and CC-10: refuses a colon in the id', async () => {
  const credential = secret('p+q%r/é~.', { encoding: 'raw' });
  const { request } = await exchangeWith(credential);
  expect(request.headers['authorization']).toBe(`Basic ${Buffer.from('me:p+q%r/é~.').toString('base64')}`);
  await expect(exchangeWith(credential, loading({ clientId: 'a:b' }))).rejects.toMatchObject({ code: 'invalid_credential' });
});

test.each<readonly [string, SecretOptions, readonly string[] | 'entra' | 'silent', string]>([
  ['Entra gets it in the body', {}, 'entra', 'client_secret_post'],
  ['a server that says nothing, in a header', {}, 'silent', 'client_secret_basic'],
  ['one that takes both, in a header', {}, ['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
  ['one that takes it in the body alone, there', {}, ['client_secret_post', 'client_secret_jwt'], 'client_secret_post'],
  [
    'one that takes it in a header alone, in the body if that was asked for',
    { method: 'client_secret_post' },
    ['client_secret_basic'],
    'client_secret_post',
  ],
  ['Entra, in a header if that was asked for', { method: 'client_secret_basic' }, 'entra', 'client_secret_basic'],
])('%s', async (_, options, server, method) => {
  const loads = server === 'entra' ? loading({ authority: ENTRA_AUTHORITY }) : loading();
  const { request, form } = await exchangeWith(secret('s3cret', options), loads, {
    server: Array.isArray(server) ? listing(...server) : undefined,
  });
  expect([form.has('client_secret'), 'authorization' in request.headers]).toEqual([
    method === 'client_secret_post',
    method === 'client_secret_basic',
  ]);
});

test('JA-16: client_secret_jwt signs with the octets of the secret, which stays unsent', async () => {
  const { request, form } = await exchangeWith(secret(LONG, { method: 'client_secret_jwt' }));
  const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', Buffer.from(LONG), {
    algorithms: ['HS256'],
    audience: ISSUER,
    currentDate: new Date(VALID_AT_MS),
  });
  expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'client-authentication+jwt' });
  expect(payload).toMatchObject({ iss: 'me', sub: 'me' });
  expect([form.get('client_secret'), request.headers['authorization']]).toEqual([null, undefined]);
});

test('JA-16: it is never chosen by itself', async () => {
  const server = listing('client_secret_jwt');
  await expect(exchangeWith(secret(LONG), loading(), { server })).rejects.toMatchObject({ code: 'invalid_credential' });
  expect((await exchangeWith(secret(LONG, { method: 'client_secret_jwt' }), loading(), { server })).form.has('client_assertion')).toBe(
    true,
  );
});

test('JA-16: a secret of 31 octets is too short to sign with: at once, and from a function when it is asked', async () => {
  const options = { method: 'client_secret_jwt' } as const;
  expect(() => secret('x'.repeat(31), options)).toThrowError(expect.objectContaining({ code: 'weak_key' }));
  await expect(secret(() => 'x'.repeat(31), options).load(loading().context)).rejects.toMatchObject({ code: 'weak_key' });
});

test('a function is asked for every request, and each secret has its own fingerprint, which does not tell it', async () => {
  const secrets = ['one', 'one', 'two'];
  const credential = secret(async () => secrets.shift() ?? '');
  const [first, again, second] = [await exchangeWith(credential), await exchangeWith(credential), await exchangeWith(credential)];
  expect(again.loaded.fingerprint).toBe(first.loaded.fingerprint);
  expect(second.loaded.fingerprint).not.toBe(first.loaded.fingerprint);
  expect(second.request.headers['authorization']).not.toBe(first.request.headers['authorization']);
  expect((await secret('one').load(loading().context)).fingerprint).not.toBe(first.loaded.fingerprint);
  await expect(exchangeWith(credential)).rejects.toMatchObject({ code: 'invalid_credential' });
});

test.each(['', 'with a line break\n', '\ud800'])('the secret %j is refused at once', (text) => {
  expect(() => secret(text)).toThrowError(expect.objectContaining({ code: 'invalid_credential' }));
});

test.each<readonly [object, string]>([
  [{ method: 'none' }, '"none"'],
  [{ method: 'private_key_jwt' }, '"private_key_jwt"'],
  [{ encoding: 'base64' }, '"base64"'],
  [{ encoding: 'raw', method: 'client_secret_post' }, 'no effect on client_secret_post'],
  [{ methods: ['client_secret_post'] }, '"methods" of secret is not known'],
  [{ method: 1 }, 'of type number'],
])('the options %j are refused at once', (options, said) => {
  const refusal = expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(said) });
  expect(() => secret('s3cret', options)).toThrowError(refusal);
});

test('the secret shows in no print of the credential, of what was loaded, or of an error', async () => {
  const credential = secret('marker-secret of at least 32 octets', { method: 'client_secret_jwt' });
  const { loaded } = await exchangeWith(credential);
  const error: unknown = await exchangeWith(secret(() => 'marker\n')).catch((reason: unknown) => reason);
  for (const value of [credential, loaded, loaded.authentication(listing()), error]) {
    expect(inspect(value, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(value)).not.toMatch(/marker|bWFya2Vy/);
  }
});
