/** Redirects in place of answers: whoever is pointed at sees no connection, let alone a secret. RFC 6749 §3.2, RFC 9110 §15.4. */
import { type AddressInfo, createServer } from 'node:net';
import { Agent, interceptors, fetch as undiciFetch } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { pair } from '../../../../test/support/certificates.ts';
import {
  type Credential,
  certificate,
  createManagedIdentitySource,
  githubActions,
  issuer,
  secret,
  type TokenSourceOptions,
} from '../../src/index.ts';
import { type Answer, type Loopback, sendJson, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const REFUSED = { code: 'redirected', transient: false };

/** Where a redirect would lead: a bare socket, and what came to it. */
async function startTarget(): Promise<{ readonly origin: string; readonly connections: string[] }> {
  const connections: string[] = [];
  const server = createServer((socket) => {
    const index = connections.push('') - 1;
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        connections[index] = `${connections[index] ?? ''}${chunk}`;
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

const leadingTo =
  (location: string, status = 307): Answer =>
  (response) =>
    void response.writeHead(status, { location, 'x-ms-request-id': 'r-1' }).end('gone');

/** By which the request is sent: our own connections, and whatever else a caller may hand in. */
function senders(): readonly Partial<TokenSourceOptions>[] {
  const following = new Agent().compose(interceptors.redirect({ maxRedirections: 5 }));
  onTestFinished(() => following.destroy());
  return [{}, { fetch }, { fetch: undiciFetch as unknown as typeof fetch }, { dispatcher: following }];
}

test.each([301, 302, 303, 307, 308])('HTTP-20: at the token endpoint (%d), whoever sends the request', async (status) => {
  const target = await startTarget();
  const loopback = await startLoopback(leadingTo(`${target.origin}/steal`, status));
  for (const sender of senders()) {
    loopback.received.length = 0;
    await expect(sourceFor(loopback, sender).source.getToken('a')).rejects.toMatchObject({ ...REFUSED, attempts: 1 });
    expect(loopback.received).toHaveLength(1);
  }
  expect(target.connections).toEqual([]);
});

test.each<readonly [string, Credential]>([
  ['a secret in HTTP Basic', secret('marker', { method: 'client_secret_basic' })],
  ['a secret in the body', secret('marker', { method: 'client_secret_post' })],
  ['an assertion', certificate({ pem: pair('p256') })],
])('HTTP-20: at the token endpoint, with %s, also to the same server', async (_, credential) => {
  for (const location of ['/elsewhere', '//127.0.0.1/elsewhere', '?elsewhere']) {
    const loopback = await startLoopback(leadingTo(location, 308));
    await expect(sourceFor(loopback, { credential }).source.getToken('a')).rejects.toMatchObject(REFUSED);
    expect(loopback.received.map(({ path }) => path)).toEqual(['/token']);
  }
});

test('a redirect whose body never comes is refused at once, and sent once', async () => {
  const loopback = await startLoopback((response) => response.writeHead(307, { location: '/elsewhere' }).write('x'));
  await expect(sourceFor(loopback).source.getToken('a')).rejects.toMatchObject(REFUSED);
  expect(loopback.received).toHaveLength(1);
});

test.each(['openid', 'oauth'] as const)('HTTP-20: in place of metadata (%s), and no token is asked for anywhere', async (discovery) => {
  const target = await startTarget();
  const loopback = await startLoopback(leadingTo(`${target.origin}/.well-known/openid-configuration`, 302));
  const authority = issuer(loopback.origin, { allowHttpLoopback: true, discovery });
  for (const sender of senders())
    await expect(sourceFor(loopback, { authority, ...sender }).source.getToken('a')).rejects.toMatchObject(REFUSED);
  expect(loopback.received.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
  expect(target.connections).toEqual([]);
});

test('HTTP-20: at GitHub’s token service, with its request token', async () => {
  const target = await startTarget();
  const loopback = await startLoopback(leadingTo(target.origin));
  const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: `${loopback.origin}/github?x=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'marker' };
  const { source } = sourceFor(loopback, { credential: githubActions({ environment, allowHttpLoopback: true }) });
  await expect(source.getToken('a')).rejects.toMatchObject(REFUSED);
  expect(loopback.received.map(({ path, headers }) => [path.split('?')[0], headers.authorization])).toEqual([['/github', 'bearer marker']]);
  expect(target.connections).toEqual([]);
});

test('HTTP-20: at App Service’s identity endpoint, with its header', async () => {
  const target = await startTarget();
  const loopback = await startLoopback(leadingTo(target.origin));
  const environment = { IDENTITY_ENDPOINT: `${loopback.origin}/msi`, IDENTITY_HEADER: 'marker' };
  const source = createManagedIdentitySource({ environment });
  onTestFinished(() => source.close());
  await expect(source.getToken('api://orders/.default')).rejects.toMatchObject(REFUSED);
  expect(loopback.received.map(({ headers }) => headers['x-identity-header'])).toEqual(['marker']);
  expect(target.connections).toEqual([]);
});

test('the target does tell a connection that is made', async () => {
  const target = await startTarget();
  await fetch(`${target.origin}/seen`);
  expect(target.connections).toEqual([expect.stringMatching(/^GET \/seen/)]);
});

test('a redirect after an answer that was one is an error of that request alone', async () => {
  const target = await startTarget();
  const loopback: Loopback = await startLoopback((response, index, received) =>
    index === 1
      ? leadingTo(target.origin)(response, index, received)
      : sendJson(response, { access_token: `token-${index}`, token_type: 'Bearer', expires_in: 3600 }),
  );
  const { source } = sourceFor(loopback);
  const kept = await source.getToken('a');
  await expect(source.getToken('a', { forceRefresh: true })).rejects.toMatchObject(REFUSED);
  expect(await source.getToken('a')).toBe(kept);
  expect((await source.getToken('a', { forceRefresh: true })).value).toBe('token-2');
  expect(target.connections).toEqual([]);
});
