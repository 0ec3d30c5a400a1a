import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { buildAuthenticatedRequest } from '../src/client-authentication/authenticated-request.ts';
import type { ClientAuthentication } from '../src/client-authentication/client-authentication.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';

const server: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' };
const build = (authentication: ClientAuthentication, url = 'https://as.example/t') =>
  buildAuthenticatedRequest({ server, clientId: 'me', authentication, nowMs: 7 }, { name: 'The endpoint', url, last: [['token', 'x']] });
const own = (parts: object, more: Partial<ClientAuthentication> = {}): ClientAuthentication => ({
  method: 'own',
  apply: async () => parts,
  ...more,
});

test('CC-03, CC-04: a form is posted, first what is said, then who says it, then what is asked', async () => {
  const client = { server, clientId: 'me', authentication: clientSecretPost({ secret: 'a b' }), nowMs: 0 };
  const request = { name: 'x', url: 'https://as.example/t', first: [['a', '1']], last: [['b', 'ü']], headers: { 'x-a': '1' } } as const;
  expect(await buildAuthenticatedRequest(client, request)).toEqual({
    url: 'https://as.example/t',
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', 'x-a': '1' },
    body: 'a=1&client_id=me&client_secret=a+b&b=%C3%BC',
  });
});

test('JA-09: the authentication is applied once for each request, with an id to make and the time', async () => {
  const seen: unknown[] = [];
  const authentication = own(
    {},
    {
      apply: async (context) => {
        seen.push(context.uniqueId(), context.nowMs, context.clientId, context.server);
        return { fields: { client_secret: 's' } };
      },
    },
  );
  await build(authentication);
  const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(seen).toEqual([guid, 7, 'me', server]);
});

test.each([
  ['a field that is no credential', { fields: { client_secret: 's', scope: 'x' } }, '"scope"'],
  ['a header that is no credential', { headers: { authorization: 'Basic eDp4', 'x-api-key': 'x' } }, '"x-api-key"'],
  ['a header in other letters, which could stand twice', { headers: { Authorization: 'Basic eDp4' } }, '"Authorization"'],
  ['a secret and an assertion', { fields: { client_secret: 's', client_assertion: 'a' } }, 'more than one'],
  ['a secret and a header', { fields: { client_secret: 's' }, headers: { authorization: 'Basic eDp4' } }, 'more than one'],
  ['an assertion and a header', { fields: { client_assertion: 's' }, headers: { authorization: 'Basic eDp4' } }, 'more than one'],
  ['a secret that is no text', { fields: { client_secret: 7 } }, 'without a text'],
  ['an empty header', { headers: { authorization: '' } }, 'without a text'],
  ['a header with a line break', { headers: { authorization: 'Basic eDp4\r\nx-evil: 1' } }, 'line break'],
  ['a header outside ASCII', { headers: { authorization: 'Basic é' } }, 'outside ASCII'],
  ['the id of another client', { fields: { client_id: 'you', client_secret: 's' } }, 'the client_id "you", and the client is "me"'],
  ['an assertion without its type', { fields: { client_assertion: 'a' } }, 'wants both'],
  ['a Map of fields', { fields: new Map([['client_secret', 's']]) }, 'no plain objects'],
  ['a Headers', { fields: { client_secret: 's' }, headers: new Headers({ 'x-api-key': 'x' }) }, 'no plain objects'],
  ['no fields but null', { fields: null }, 'no plain objects'],
  ['a text', 'client_secret=s', 'no plain objects'],
  ['nothing', undefined, 'no plain objects'],
  ['null', null, 'no plain objects'],
  ['an id without a value', { fields: { client_id: undefined, client_secret: 's' } }, 'without a text'],
])('CC-06, CC-08: a method that adds %s is refused', async (_, parts, words) => {
  await expect(build(own(parts as object))).rejects.toMatchObject({ code: 'invalid_credential', message: expect.stringContaining(words) });
});

test('CC-01: a method that adds no credential is refused, unless the connection has one', async () => {
  const parts = { fields: { client_id: 'me' } };
  await expect(build(own(parts))).rejects.toMatchObject({ code: 'invalid_credential', message: expect.stringContaining('no credential') });
  await expect(build(own({}))).rejects.toMatchObject({ code: 'invalid_credential' });
  await expect(build(own(parts, { mutualTls: false }))).rejects.toMatchObject({ code: 'invalid_credential' });
  await expect(build(own(parts, { mutualTls: true }))).resolves.toMatchObject({ body: 'client_id=me&token=x' });
});

test.each([undefined, null, {}, { method: 'own' }, 'secret'])('CC-01: %j is no authentication', async (authentication) => {
  await expect(build(authentication as unknown as ClientAuthentication)).rejects.toMatchObject({
    name: 'ProtocolError',
    code: 'invalid_credential',
  });
});

test('CC-01: no credential is made for an endpoint or a client that is none', async () => {
  let applied = 0;
  const authentication = own(
    {},
    {
      apply: async () => {
        applied += 1;
        return {};
      },
    },
  );
  await expect(build(authentication, 'http://as.example/t')).rejects.toMatchObject({
    code: 'invalid_url',
    message: expect.stringContaining('The endpoint'),
  });
  const client = { server, clientId: '', authentication, nowMs: 0 };
  await expect(buildAuthenticatedRequest(client, { name: 'x', url: 'https://as.example/t', last: [] })).rejects.toMatchObject({
    code: 'invalid_parameter',
  });
  expect(applied).toBe(0);
});

test('CC-07: a loopback endpoint needs the switch of the server', async () => {
  const client = {
    server: { ...server, allowHttpLoopback: true },
    clientId: 'me',
    authentication: clientSecretPost({ secret: 's' }),
    nowMs: 0,
  };
  const request = { name: 'x', url: 'http://127.0.0.1:8080/t', last: [] };
  await expect(buildAuthenticatedRequest(client, request)).resolves.toMatchObject({ url: 'http://127.0.0.1:8080/t' });
  await expect(buildAuthenticatedRequest({ ...client, server }, request)).rejects.toMatchObject({ code: 'invalid_url' });
});

test('CC-08: beside the certificate of the connection a type without its assertion is refused too', async () => {
  const parts = { fields: { client_id: 'me', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' } };
  await expect(build(own(parts, { mutualTls: true }))).rejects.toMatchObject({ message: expect.stringContaining('wants both') });
});
