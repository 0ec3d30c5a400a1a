import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import type { TokenRequest } from '../src/client-authentication/authenticated-request.ts';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { entraServer } from '../src/entra/authority.ts';
import type { TokenParameters } from '../src/token-request/parameters.ts';
import { parseScope } from '../src/token-request/scope.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';

const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t?tenant=1' };
const entra = entraServer({ tenant: 'contoso.com' });
const scope = 'https://graph.microsoft.com/.default';

const build = (
  server: AuthorizationServer,
  parameters: TokenParameters,
  more: { correlationId?: string; clientId?: string } = {},
): Promise<TokenRequest> =>
  buildTokenRequest({ server, clientId: 'me', authentication: clientSecretPost({ secret: 's' }), nowMs: 0, ...parameters, ...more });

test('ENT-01, ENT-13: a request to Entra with a secret, in full', async () => {
  expect(await build(entra, { scope }, { correlationId: 'c-1' })).toEqual({
    url: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'client-request-id': 'c-1',
      'return-client-request-id': 'true',
    },
    body: 'grant_type=client_credentials&client_id=me&client_secret=s&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default',
  });
});

test('CC-02, CC-05, CC-08, CC-12: a request with Basic carries no credential in its body, and keeps the query', async () => {
  expect(await buildTokenRequest({ server: rfc, clientId: 'me', authentication: clientSecretBasic({ secret: 's' }), nowMs: 0 })).toEqual({
    url: 'https://as.example/t?tenant=1',
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic bWU6cw==' },
    body: 'grant_type=client_credentials',
  });
});

test('EX-01: every parameter is sent once, resource as often as it is given, and an empty one not at all', async () => {
  const { body } = await build(rfc, {
    scope: ['b a', 'b'],
    resource: ['https://a.example/x', 'urn:b'],
    audience: 'api',
    claims: '{"a":1}',
    extra: { x: 'ü', empty: '' },
  });
  expect([...new URLSearchParams(body)]).toEqual([
    ['grant_type', 'client_credentials'],
    ['client_id', 'me'],
    ['client_secret', 's'],
    ['scope', 'b a'],
    ['resource', 'https://a.example/x'],
    ['resource', 'urn:b'],
    ['audience', 'api'],
    ['claims', '{"a":1}'],
    ['x', 'ü'],
  ]);
});

test('CC-06, CC-15: an empty scope is left out, where the server may have a default', async () => {
  expect((await build(rfc, { scope: '' })).body).not.toContain('scope');
});

test('CC-13: spaces are folded, tokens are unique and keep their case', () => {
  expect(parseScope('b  a ')).toEqual(['b', 'a']);
  expect(parseScope(['a A', 'a'])).toEqual(['a', 'A']);
});

test.each(['a "b', 'a\\b', 'é', 'a\tb', 'a\u007f'])('CC-13: the scope %j is refused', async (wrong) => {
  await expect(build(rfc, { scope: wrong })).rejects.toMatchObject({ code: 'invalid_scope' });
});

test.each([
  ['User.Read', '{resource}/.default'],
  ['.default', '{resource}/.default'],
  ['/.default', '{resource}/.default'],
  ['https://graph.microsoft.com/User.Read', '{resource}/.default'],
  ['https://graph.microsoft.com/.DEFAULT', '{resource}/.default'],
  ['https://a/.default https://b/.default', 'one "{resource}/.default" at a time'],
  ['https://a/.default offline_access', 'one "{resource}/.default" at a time'],
  ['', 'Entra wants a scope'],
])('ENT-10, ENT-12, ENT-20: Entra refuses the scope %j, and the message helps: %s', async (wrong, words) => {
  await expect(build(entra, { scope: wrong })).rejects.toMatchObject({ code: 'invalid_scope', message: expect.stringContaining(words) });
});

test.each([
  'https://management.azure.com//.default',
  'https://management.azure.com/.default',
  '6731de76-14a6-49ae-97bc-6eba6914391e/.default',
])('ENT-11: %s goes out as it is', async (verbatim) => {
  expect(new URLSearchParams((await build(entra, { scope: verbatim })).body).get('scope')).toBe(verbatim);
});

test('ENT-03: Entra takes no resource, and the message shows the scope to use', async () => {
  await expect(build(entra, { scope, resource: 'https://vault.azure.net' })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('https://vault.azure.net/.default'),
  });
});

test.each([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
  'audience',
  'claims',
])('CC-06: the extra parameter %s is refused', async (name) => {
  await expect(build(rfc, { extra: { [name]: 'x' } })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining(name),
  });
});

test.each(['/relative', 'https://a.example/#f', 'no-scheme', 'https://a.example/ x'])(
  'EX-01: the resource %j is refused',
  async (resource) => {
    await expect(build(rfc, { resource })).rejects.toMatchObject({ code: 'invalid_parameter' });
  },
);

test.each(['http://as.example/t', 'https://as.example/t#x', 'https://u:p@as.example/t'])(
  'CC-05, CC-07: nothing is built for %s',
  async (tokenEndpoint) => {
    await expect(build({ ...rfc, tokenEndpoint }, {})).rejects.toMatchObject({ code: 'invalid_url' });
  },
);

test.each(['a\r\nx-evil: 1', '', 'é'])('the correlation id %j goes into no header', async (correlationId) => {
  await expect(build(entra, { scope }, { correlationId })).rejects.toMatchObject({ code: 'invalid_parameter' });
});

test.each([
  { fields: { scope: 'x' } },
  { headers: { 'x-api-key': 'x' } },
  { fields: { client_secret: 's', client_assertion: 'a' } },
  { fields: { client_secret: 's' }, headers: { authorization: 'Basic eDp4' } },
])('CC-06, CC-08: a method of somebody else’s that adds %j is refused', async (parts) => {
  const authentication = { method: 'own', apply: async () => parts as { fields: Record<string, string> } };
  await expect(buildTokenRequest({ server: rfc, clientId: 'me', authentication, nowMs: 0 })).rejects.toMatchObject({
    code: 'invalid_credential',
  });
});

test('CC-06: a resource without a value counts as none', async () => {
  expect((await build(entra, { scope, resource: '' })).body).not.toContain('resource');
});

test('an empty client id is refused', async () => {
  await expect(build(rfc, {}, { clientId: '' })).rejects.toMatchObject({ code: 'invalid_parameter' });
});
