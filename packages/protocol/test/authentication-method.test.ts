import { expect, test } from 'vitest';
import { chooseAuthenticationMethod } from '../src/discovery/authentication-method.ts';
import { thrown } from './thrown.ts';

const server = { profile: 'rfc', issuer: 'https://as.example' } as const;
const secret = ['client_secret_basic', 'client_secret_post'] as const;

test('DI-06: where nothing fits, the error names both lists', () => {
  const clientAuthenticationMethods = ['private_key_jwt', 'none'];
  expect(thrown(() => chooseAuthenticationMethod({ server: { ...server, clientAuthenticationMethods }, usable: secret }))).toMatchObject({
    code: 'invalid_credential',
    message:
      'The server "https://as.example" takes "private_key_jwt, none", and this credential can use "client_secret_basic, client_secret_post"; use another credential, or configure the method',
  });
});

test('DI-06, SEC-08: the error shows no secret of the issuer', () => {
  const usual = { ...server, issuer: 'https://u:marker@as.example?key=marker', clientAuthenticationMethods: ['none'] };
  const error = thrown(() => chooseAuthenticationMethod({ server: usual, usable: secret })) as Error;
  expect(error).toMatchObject({ code: 'invalid_credential', message: expect.stringMatching(/^The server "…@as\.example" takes "none"/) });
  expect(error.message).not.toContain('marker');
});

test('DI-06: a server of no known profile has no method that it prefers', () => {
  const unknown = { ...server, profile: 'Entra' as 'entra' };
  expect(thrown(() => chooseAuthenticationMethod({ server: unknown, usable: secret }))).toMatchObject({ code: 'invalid_parameter' });
});

test('DI-06: a list without end is shown in part', () => {
  const clientAuthenticationMethods = Array.from({ length: 50_000 }, (_, index) => `m${index}\n`);
  const error = thrown(() => chooseAuthenticationMethod({ server: { ...server, clientAuthenticationMethods }, usable: secret })) as Error;
  expect(error.message.length).toBeLessThan(500);
  expect(error.message).not.toContain('\n');
});

test('DI-06: a configured method that cannot carry the credential is refused by name', () => {
  const configured = 'tls_client_auth' as 'client_secret_post';
  expect(thrown(() => chooseAuthenticationMethod({ server, usable: secret, configured }))).toMatchObject({
    code: 'invalid_parameter',
    message: 'The method is "tls_client_auth"; this credential can use client_secret_basic, client_secret_post',
  });
});

test('DI-06: a credential that can use nothing is refused, whatever the server takes', () => {
  expect(thrown(() => chooseAuthenticationMethod({ server, usable: [] }))).toMatchObject({ code: 'invalid_credential' });
});

test('DI-06, CC-11: the profile decides only where the server published nothing', () => {
  const entra = { profile: 'entra', issuer: 'https://login.microsoftonline.com/contoso.com/v2.0' } as const;
  expect(chooseAuthenticationMethod({ server: entra, usable: secret })).toBe('client_secret_post');
  const clientAuthenticationMethods = ['client_secret_post', 'client_secret_basic'];
  expect(chooseAuthenticationMethod({ server: { ...entra, clientAuthenticationMethods }, usable: secret })).toBe('client_secret_basic');
});
