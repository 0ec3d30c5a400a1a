// An issuer's metadata: where they are looked for, what of them is believed, and how long they are kept.
import { expect, test } from 'vitest';
import { pair } from '../../../test/support/certificates.ts';
import { type Credential, certificate, issuer, secret } from '../src/index.ts';
import { type Answer, type Loopback, sendJson, sendToken, startLoopback } from './loopback.ts';
import { sourceFor } from './source.ts';

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';
const HOUR_MS = 3600 * 1000;

/** An authorization server that publishes metadata at some paths, with `more` over the usual ones. */
async function startIssuer(
  paths: readonly string[],
  more: Record<string, unknown> = {},
  before: Answer | undefined = undefined,
): Promise<Loopback> {
  const loopback = await startLoopback((response, index, received) => {
    if (received.method === 'POST') sendToken(response, index, received);
    else if (before !== undefined) before(response, index, received);
    else if (paths.includes(received.path))
      sendJson(response, { issuer: loopback.origin, token_endpoint: `${loopback.origin}/token`, ...more });
    else response.writeHead(404).end();
  });
  return loopback;
}

const discovering = (loopback: Loopback, options: { discovery?: 'oauth' | 'openid' } = {}) =>
  sourceFor(loopback, { authority: issuer(loopback.origin, { allowHttpLoopback: true, ...options }) });
const asked = (loopback: Loopback): string[] => loopback.received.map(({ method, path }) => `${method} ${path}`);

test("DI-04: OpenID's place is asked first, without credentials, and the answer is kept", async () => {
  const loopback = await startIssuer([OPENID]);
  const { source } = discovering(loopback);
  await Promise.all(Array.from({ length: 50 }, (_, index) => source.getToken(`scope-${index}`)));
  expect(asked(loopback).filter((line) => line.startsWith('GET'))).toEqual([`GET ${OPENID}`]);
  expect(loopback.received[0]?.headers).not.toHaveProperty('authorization');
});

test('DI-02: where that is absent, the place of RFC 8414 is asked', async () => {
  const loopback = await startIssuer([OAUTH]);
  await discovering(loopback).source.getToken('a');
  expect(asked(loopback)).toEqual([`GET ${OPENID}`, `GET ${OAUTH}`, 'POST /token']);
});

test('DI-04: an issuer with a path has three places, which are asked in turn', async () => {
  const loopback = await startLoopback((response) => response.writeHead(404).end());
  const { source } = sourceFor(loopback, { authority: issuer(`${loopback.origin}/tenant1/`, { allowHttpLoopback: true }) });
  await expect(source.getToken('a')).rejects.toMatchObject({ code: 'invalid_response', status: 404 });
  expect(asked(loopback)).toEqual([`GET /tenant1${OPENID}`, `GET ${OAUTH}/tenant1`, `GET ${OPENID}/tenant1`]);
});

test('DI-02, DI-04: an issuer without a path has two places', async () => {
  const loopback = await startIssuer([]);
  await expect(discovering(loopback).source.getToken('a')).rejects.toMatchObject({ code: 'invalid_response' });
  expect(asked(loopback)).toEqual([`GET ${OPENID}`, `GET ${OAUTH}`]);
});

test('one place alone is asked on request', async () => {
  const loopback = await startIssuer([OPENID, OAUTH]);
  await discovering(loopback, { discovery: 'oauth' }).source.getToken('a');
  expect(asked(loopback)).toEqual([`GET ${OAUTH}`, 'POST /token']);
});

test('DI-09: metadata are asked for again after half a day, in the background', async () => {
  const loopback = await startIssuer([OPENID]);
  const { source, clock } = discovering(loopback);
  await source.getToken('a');
  clock.nowMs += 13 * HOUR_MS;
  await source.getToken('a');
  await expect.poll(() => asked(loopback).toSorted()).toEqual([`GET ${OPENID}`, `GET ${OPENID}`, 'POST /token', 'POST /token']);
});

test('DI-09: metadata that cannot be had again serve for a day, and not longer', async () => {
  const loopback = await startIssuer([], {}, (response, index) => {
    if (index > 0) response.writeHead(503).end();
    else sendJson(response, { issuer: loopback.origin, token_endpoint: `${loopback.origin}/token` });
  });
  const { source, clock } = discovering(loopback);
  await source.getToken('a');
  clock.nowMs += 23 * HOUR_MS;
  await source.getToken('a');
  expect(asked(loopback).filter((line) => line.startsWith('POST'))).toHaveLength(2);
  await expect.poll(() => asked(loopback).filter((line) => line.startsWith('GET'))).toHaveLength(2);
  clock.nowMs += 2 * HOUR_MS;
  await expect(source.getToken('a')).rejects.toMatchObject({ status: 503 });
});

test('DI-09: what the metadata say anew counts from then on', async () => {
  const loopback = await startIssuer([], {}, (response, index) =>
    sendJson(response, { issuer: loopback.origin, token_endpoint: `${loopback.origin}/${index === 0 ? 'old' : 'new'}` }),
  );
  const { source, clock } = discovering(loopback);
  await source.getToken('a');
  clock.nowMs += 25 * HOUR_MS;
  await source.getToken('a');
  expect(asked(loopback).filter((line) => line.startsWith('POST'))).toEqual(['POST /old', 'POST /new']);
});

test('a passing failure is tried again, and does not count as an absent document', async () => {
  const loopback = await startIssuer([], {}, (response, index) =>
    index === 0
      ? response.writeHead(503).end()
      : sendJson(response, { issuer: loopback.origin, token_endpoint: `${loopback.origin}/token` }),
  );
  await discovering(loopback).source.getToken('a');
  expect(asked(loopback)).toEqual([`GET ${OPENID}`, `GET ${OPENID}`, 'POST /token']);
});

test('HTTP-15: an issuer that is throttled is not asked again before its time', async () => {
  const loopback = await startIssuer([], {}, (response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  const { source, clock } = discovering(loopback);
  await expect(source.getToken('a')).rejects.toMatchObject({ code: 'throttled', retryAtMs: clock.nowMs + 3_600_000 });
  expect(asked(loopback)).toEqual([`GET ${OPENID}`]);
});

test.each<readonly [string, () => Credential, string]>([
  ['a secret with a line break', () => secret(async () => 'abc\n'), 'invalid_credential'],
  ['an algorithm of another key', () => certificate({ pem: pair('rsa') }, { algorithm: 'ES256' }), 'unsupported_algorithm'],
  ['a key on a curve nobody takes', () => certificate({ pem: pair('secp256k1') }), 'unsupported_algorithm'],
])('%s is known before the issuer is asked', async (_, credential, code) => {
  const loopback = await startIssuer([OPENID]);
  const { source } = sourceFor(loopback, { authority: issuer(loopback.origin, { allowHttpLoopback: true }), credential: credential() });
  await expect(source.getToken('a')).rejects.toMatchObject({ code });
  expect(loopback.received).toEqual([]);
});

test('a credential that cannot be had is known before the issuer is asked', async () => {
  const loopback = await startIssuer([OPENID]);
  const { source } = sourceFor(loopback, {
    authority: issuer(loopback.origin, { allowHttpLoopback: true }),
    credential: secret(() => Promise.reject(new Error('vault down'))),
  });
  await expect(source.getToken('a')).rejects.toMatchObject({ code: 'credential_unavailable', cause: { message: 'vault down' } });
  expect(loopback.received).toEqual([]);
});

test.each([
  [['client_secret_post'], 'post'],
  [['client_secret_post', 'client_secret_basic'], 'basic'],
  [undefined, 'basic'],
])('DI-06: a server that lists %j gets the secret by %s', async (methods, way) => {
  const loopback = await startIssuer([OPENID], { token_endpoint_auth_methods_supported: methods });
  await discovering(loopback).source.getToken('a');
  const [, request] = loopback.received;
  expect(request?.headers.authorization !== undefined ? 'basic' : request?.form.has('client_secret') && 'post').toBe(way);
});

test('DI-06: a server that takes no secret gets none', async () => {
  const loopback = await startIssuer([OPENID], { token_endpoint_auth_methods_supported: ['private_key_jwt'] });
  await expect(discovering(loopback).source.getToken('a')).rejects.toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining('private_key_jwt'),
  });
  expect(asked(loopback)).toEqual([`GET ${OPENID}`]);
});
