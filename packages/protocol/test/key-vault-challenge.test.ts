import { expect, test } from 'vitest';
import { parseChallenges } from '../src/challenge/www-authenticate.ts';
import { entraServer } from '../src/entra/authority.ts';
import { readKeyVaultChallenge } from '../src/entra/key-vault-challenge.ts';
import { thrown } from './thrown.ts';

// The table of what is taken and what is refused stands in vectors/key-vault-challenge.json.

const requestUrl = 'https://contoso.vault.azure.net/secrets/s';
const read = (line: string, context = { requestUrl }) =>
  parseChallenges(line).map((challenge) => readKeyVaultChallenge(challenge, context))[0];

test('KV-01, KV-02: what is read makes an authorization server', () => {
  const challenge = read('Bearer authorization="https://login.windows.net/Contoso.com", resource="https://vault.azure.net"');
  expect(challenge).toEqual({ authorityHost: 'login.windows.net', tenant: 'contoso.com', scope: 'https://vault.azure.net/.default' });
  const { authorityHost = '', tenant = '' } = challenge ?? {};
  expect(entraServer({ authorityHost, tenant }).tokenEndpoint).toBe('https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token');
});

test('SEC-07: a refused authority is named, with what to do', () => {
  const line = 'Bearer authorization="https://evil.example/contoso.com", resource="https://vault.azure.net"';
  expect(thrown(() => read(line))).toMatchObject({
    name: 'ProtocolError',
    code: 'invalid_response',
    message:
      'The Key Vault challenge names the authority "evil.example", which is no known login host; if it is yours, list it among the authority hosts',
  });
});

test('SEC-07: a listed authority needs its port listed too', () => {
  const line = 'Bearer authorization="https://login.example:8443/contoso.com", resource="https://vault.azure.net"';
  const reading = (authorityHosts: readonly string[]) => () => read(line, { requestUrl, authorityHosts } as { requestUrl: string });
  expect(reading(['login.example:8443'])()).toMatchObject({ authorityHost: 'login.example:8443' });
  expect(reading(['login.example'])).toThrowError(expect.objectContaining({ code: 'invalid_response' }));
});

test('SEC-07: where no authority is listed, only the known ones will do', () => {
  const line = 'Bearer authorization="https://undefined/contoso.com", resource="https://vault.azure.net"';
  expect(() => read(line)).toThrowError(expect.objectContaining({ code: 'invalid_response' }));
});

test('SEC-07: a list that is a text is no list of all its parts', () => {
  const line = 'Bearer authorization="https://evil.example/contoso.com", resource="https://vault.azure.net"';
  const context = { requestUrl, authorityHosts: 'not-evil.example' };
  expect(() => read(line, context)).toThrowError(expect.objectContaining({ code: 'invalid_response' }));
});

test('KV-03, SEC-07: a refused resource is named, with the vault', () => {
  const line = 'Bearer authorization="https://login.microsoftonline.com/contoso.com", resource="https://graph.microsoft.com"';
  expect(thrown(() => read(line))).toMatchObject({
    code: 'invalid_response',
    message:
      'The Key Vault challenge of "contoso.vault.azure.net" asks for a token of "graph.microsoft.com", which the vault is not below; check the vault\'s URL',
  });
});

test.each([
  ['The authority in the Key Vault challenge', 'a.example/contoso.com', 'https://vault.azure.net', requestUrl, 'a.example/contoso.com'],
  ['The resource in the Key Vault challenge', 'https://login.microsoftonline.com/contoso.com', 'vault', requestUrl, 'vault/.default'],
  ['The URL of the vault', 'https://login.microsoftonline.com/contoso.com', 'https://vault.azure.net', '/secrets/s', '/secrets/s'],
])('SEC-07: %s must be an https URL, and is named if it is none', (name, authorization, resource, url, shown) => {
  const line = `Bearer authorization="${authorization}", resource="${resource}"`;
  expect(thrown(() => read(line, { requestUrl: url }))).toMatchObject({
    code: 'invalid_url',
    message: `${name} is "${shown}": it is not an absolute URL`,
  });
});

test('KV-02: a lost comma or another slip elsewhere loosens no check', () => {
  const line = 'Bearer authorization="https://login.microsoftonline.com/contoso.com" resource="https://vault.azure.net"';
  expect(read(line)).toMatchObject({ tenant: 'contoso.com' });
  expect(() => read(line.replace('vault.', 'graph.'))).toThrowError(expect.objectContaining({ code: 'invalid_response' }));
});
