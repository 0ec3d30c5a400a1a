import { expect, test } from 'vitest';
import { requireDefaultScope } from '../src/token-request/default-scope.ts';
import { parameterFields } from '../src/token-request/parameters.ts';

const fields = (scope?: string | readonly string[]) => parameterFields({ scope }, { profile: 'entra' });

test.each([
  'https://graph.microsoft.com/.default',
  'api://6731de76-14a6-49ae-97bc-6eba6914391e/.default',
  '6731de76-14a6-49ae-97bc-6eba6914391e/.default',
])('ENT-10: %s is one resource and all that was granted on it', (scope) => {
  expect(fields(scope)).toEqual([['scope', scope]]);
});

test.each([
  ['a permission', 'https://graph.microsoft.com/User.Read', 'the permissions an administrator granted'],
  ['two resources', 'https://graph.microsoft.com/.default https://vault.azure.net/.default', 'one resource per token'],
  ['two resources in a list', ['https://graph.microsoft.com/.default', 'https://vault.azure.net/.default'], 'one resource per token'],
  ['a resource and another scope', 'https://graph.microsoft.com/.default offline_access', 'one resource per token'],
  ['another case', 'https://graph.microsoft.com/.Default', '/.default'],
  ['nothing', undefined, 'Entra wants a scope'],
  ['nothing but spaces', '  ', 'Entra wants a scope'],
])('ENT-10: %s is no scope for a daemon, and the form to use is told', (_, scope, told) => {
  expect(() => fields(scope)).toThrowError(
    expect.objectContaining({ code: 'invalid_scope', message: expect.stringMatching(new RegExp(`${told}.*/\\.default`)) }),
  );
});

test('ENT-11: a resource that ends in a slash keeps it, and is another than the one without', () => {
  const scopes = ['https://management.azure.com/', 'https://management.azure.com'].map((resource) => `${resource}/.default`);
  expect(scopes.map((scope) => fields(scope))).toEqual([
    [['scope', 'https://management.azure.com//.default']],
    [['scope', 'https://management.azure.com/.default']],
  ]);
});

test.each(['User.Read', '.default', '/.default'])('ENT-12: %s names no resource, and Graph is not taken for it', (scope) => {
  expect(() => requireDefaultScope([scope])).toThrowError(expect.objectContaining({ code: 'invalid_scope' }));
});
