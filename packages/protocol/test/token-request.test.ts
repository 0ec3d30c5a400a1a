import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import type { TokenRequest } from '../src/client-authentication/authenticated-request.ts';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { entraServer } from '../src/entra/authority.ts';
import type { TokenParameters } from '../src/token-request/parameters.ts';
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
  'authorization_details',
  'token_type',
  'assertion',
  'code',
  'password',
  'refresh_token',
  'subject_token',
  'actor_token',
  'device_code',
  'code_verifier',
  'Scope',
])('CC-06, CC-27, SEC-04: the extra parameter %s is refused', async (name) => {
  await expect(build(rfc, { extra: { [name]: 'x' } })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining(name),
  });
});

test.each(['http://as.example/t', 'https://as.example/t#x', 'https://u:p@as.example/t'])(
  'CC-05, CC-07: nothing is built for %s',
  async (tokenEndpoint) => {
    await expect(build({ ...rfc, tokenEndpoint }, {})).rejects.toMatchObject({ code: 'invalid_url' });
  },
);

test('ENT-21: a correlation id goes out as it is', async () => {
  const correlationId = 'c'.repeat(128);
  expect((await build(entra, { scope }, { correlationId })).headers).toMatchObject({ 'client-request-id': correlationId });
});

test.each(['a\r\nx-evil: 1', 'a b', '', 'é', 'c'.repeat(129), 7])(
  'ENT-21: the correlation id %j goes into no header',
  async (correlationId) => {
    await expect(build(entra, { scope }, { correlationId: correlationId as string })).rejects.toMatchObject({ code: 'invalid_parameter' });
  },
);

test.each([
  ['extra', 'x=1'],
  ['extra', ['x']],
  ['extra', null],
  ['extra', new URLSearchParams('x=1')],
  ['extra', new Map([['x', '1']])],
  ['extra', { x: 7 }],
  ['extra', { x: undefined }],
  ['extra', { '': 'x' }],
  ['extra', { 'a b': 'x' }],
  ['extra', { 'x&scope': 'x' }],
  ['extra', { ünï: 'x' }],
  ['audience', ['api']],
  ['audience', null],
])('CC-06: %s that is %j is refused, and not sent as something else', async (name, value) => {
  await expect(build(rfc, { [name]: value })).rejects.toMatchObject({ name: 'ProtocolError', code: 'invalid_parameter' });
});

test('CC-01: without an authentication nothing is built', async () => {
  const options = { server: rfc, clientId: 'me', nowMs: 0 } as Parameters<typeof buildTokenRequest>[0];
  await expect(buildTokenRequest(options)).rejects.toMatchObject({ code: 'invalid_credential' });
});

test('CC-06: no parameter but resource is there twice, whatever is asked for', async () => {
  const { body } = await build(rfc, {
    scope: 'a',
    resource: 'urn:a',
    audience: 'a',
    claims: '{}',
    authorizationDetails: [{ type: 'a' }],
    extra: { a: '1' },
  });
  const names = [...new URLSearchParams(body).keys()];
  expect(names).toEqual([...new Set(names)]);
});

test('CC-02, CC-27, SEC-04: the grant is client_credentials and no other', async () => {
  expect(new URLSearchParams((await build(rfc, {})).body).getAll('grant_type')).toEqual(['client_credentials']);
});

test('ENT-20, CC-26: offline_access is never added', async () => {
  expect((await build(entra, { scope })).body).not.toContain('offline_access');
});

test('ENT-21: no header and no field claims to be MSAL', async () => {
  const request = await build(entra, { scope }, { correlationId: 'c-1' });
  expect(JSON.stringify(request)).not.toMatch(/msal|x-client|x-ms-lib|x-app/i);
});

test('ENT-22: fmi_path goes through extra alone', async () => {
  expect(new URLSearchParams((await build(entra, { scope, extra: { fmi_path: 'a/b' } })).body).get('fmi_path')).toBe('a/b');
  expect((await build(entra, { scope, fmi_path: 'a/b' } as TokenParameters)).body).not.toContain('fmi');
});

test('CC-11: the URL is the one that was configured, whatever the credential', async () => {
  expect((await build(rfc, { audience: 'marker' })).url).toBe(rfc.tokenEndpoint);
});

test('ENT-50: capabilities are sent only where they are declared', async () => {
  expect((await build(entra, { scope })).body).not.toContain('claims');
  expect((await build(entra, { scope, capabilities: ['cp1'] })).body).toContain('xms_cc');
});

test('CC-06: a resource without a value counts as none', async () => {
  expect((await build(entra, { scope, resource: '' })).body).not.toContain('resource');
});

test('an empty client id is refused', async () => {
  await expect(build(rfc, {}, { clientId: '' })).rejects.toMatchObject({ code: 'invalid_parameter' });
});
