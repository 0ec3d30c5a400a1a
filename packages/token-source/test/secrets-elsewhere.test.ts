/** Nothing secret prints of what is asked on the way to a token, of credentials that cannot be used, and in a program of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixture, pair } from '../../../test/support/certificates.ts';
import { startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';
import {
  type Credential,
  certificate,
  certificateFile,
  createManagedIdentitySource,
  createTokenSource,
  federatedToken,
  firstUsable,
  githubActions,
  mutualTls,
  secret,
  signer,
  TokenSourceError,
  workloadIdentity,
} from '../src/index.ts';
import { acquireFromPlatform } from '../src/managed-identity/acquire.ts';
import { azureArc } from '../src/managed-identity/azure-arc.ts';
import { type Answer, sendJson, sendToken, startLoopback } from './loopback.ts';
import { found, hear, printed } from './printed.ts';
import { openTransport } from './send.ts';
import { plainOptions, sourceFor } from './source.ts';

const MARKER = 'MARKER-of-what-is-secret';
const SCOPE = 'api://orders/.default';

/** The private keys that were made while these tests ran. */
const made = vi.hoisted(() => [] as string[]);
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const generateKeyPair = (type: 'ec', options: { namedCurve: string }, done: (...results: unknown[]) => void): void =>
    crypto.generateKeyPair(type, options, (error, publicKey, privateKey) => {
      made.push(String(privateKey.export({ format: 'jwk' }).d));
      done(error, publicKey, privateKey);
    });
  return { ...crypto, generateKeyPair };
});

/** What a server makes of a request that it refuses: everything it received, in every place. */
const ECHOES: readonly Answer[] = [
  (response, _, { headers }) => sendJson(response, { error: 'invalid_request', error_description: JSON.stringify(headers) }, 400),
  (response, _, { headers }) => sendJson(response, { message: headers, code: JSON.stringify(headers) }, 404),
  (response, _, { headers }) => sendJson(response, { value: [headers], access_token: `${JSON.stringify(headers)}\n`, token_type: 'x' }),
  (response, _, { headers }) => void response.writeHead(403, { 'content-type': 'text/html' }).end(JSON.stringify(headers)),
  (response, _, { headers }) => void response.writeHead(200).write(JSON.stringify(headers), () => response.destroy()),
];

test.each(ECHOES.map((answer, index) => [index, answer] as const))(
  'SEC-08: GitHub’s request token is in no failure (%i)',
  async (_, answer) => {
    const loopback = await startLoopback(answer);
    const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: `${loopback.origin}/github?sig=${MARKER}`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: MARKER };
    const { source } = sourceFor(loopback, { credential: githubActions({ environment, allowHttpLoopback: true }), maxAttempts: 1 });
    await expectSilence([MARKER], [source, () => source.getToken('a'), () => source.check({ network: true })]);
    expect(loopback.received[0]?.headers.authorization).toContain(MARKER);
  },
);

test.each(ECHOES.map((answer, index) => [index, answer] as const))(
  'SEC-08: App Service’s header is in no failure (%i)',
  async (_, answer) => {
    const loopback = await startLoopback(answer);
    const environment = { IDENTITY_ENDPOINT: `${loopback.origin}/msi`, IDENTITY_HEADER: MARKER };
    const source = createManagedIdentitySource({ environment, sleep: async () => {} });
    onTestFinished(() => source.close());
    await expectSilence([MARKER], [source, () => source.getToken(SCOPE)]);
    expect(loopback.received[0]?.headers['x-identity-header']).toBe(MARKER);
  },
);

test.each(ECHOES.map((answer, index) => [index, answer] as const))('SEC-08: Azure Arc’s key is in no failure (%i)', async (_, answer) => {
  const tokensFolder = newFolder();
  writeFileSync(join(tokensFolder, 'a.key'), MARKER);
  const loopback = await startLoopback((response, index, received) => {
    if (received.headers.authorization !== undefined) answer(response, index, received);
    else response.writeHead(401, { 'www-authenticate': `Basic realm=${join(tokensFolder, 'a.key')}` }).end();
  });
  const environment = { IDENTITY_ENDPOINT: `${loopback.origin}/arc`, IMDS_ENDPOINT: loopback.origin };
  const arc = azureArc({ environment, identity: undefined, arc: { program: '/none', tokensFolder } });
  if (arc === undefined) throw new Error('Azure Arc was not recognised');
  const limits = { timeoutMs: 5_000, deadlineMs: 5_000, now: Date.now, sleep: () => Promise.reject(new Error('no pause')) };
  const context = { ...limits, transport: openTransport(), signal: new AbortController().signal };
  await expectSilence([MARKER], [arc, () => acquireFromPlatform(arc, [SCOPE], context)]);
  expect(loopback.received[1]?.headers.authorization).toBe(`Basic ${MARKER}`);
});

test.each([
  ['refuses', (host: string) => host, 407],
  ['is down', () => '127.0.0.1:9', 407],
  ['is up', (host: string) => host, undefined],
])('SEC-08: the password of a proxy that %s is in nothing that prints', async (_, hostOf, status) => {
  const proxy = await startConnectProxy(status === undefined ? {} : { answer: status });
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback, { proxy: `http://user:${MARKER}@${hostOf(proxy.host)}`, maxAttempts: 1 });
  await expectSilence([MARKER, 'marker-secret'], [source, () => source.getToken('a'), () => source.check()]);
});

test('SEC-08: a proxy that is none is refused without its password', async () => {
  for (const proxy of [`socks5://user:${MARKER}@proxy:1`, `http://user:${MARKER}@`, `user:${MARKER}@proxy:8080`]) {
    await expectSilence([MARKER], [() => createTokenSource({ ...plainOptions('http://127.0.0.1:9'), proxy })]);
  }
});

test('SEC-08: the key of DPoP is in nothing that prints, nor is a token that is bound to it', async () => {
  const loopback = await startLoopback((response, index, { headers }) =>
    index === 0
      ? sendJson(response, { access_token: MARKER, token_type: 'DPoP', expires_in: 3600 })
      : sendJson(response, { error: 'invalid_dpop_proof', error_description: JSON.stringify(headers) }, 400),
  );
  const { source } = sourceFor(loopback, { dpop: true, maxAttempts: 1 });
  const token = await source.getToken('a');
  const refused = () => source.getToken('b');
  const prove = () => token.binding?.proof?.({ method: 'GET', url: 'not a URL' });
  await expectSilence([MARKER], [source, token, token.binding, refused, prove], made);
  expect(made).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
});

const pfx = readFileSync(new URL('../../../test/fixtures/pkcs12/rsa.pfx', import.meta.url));
const key = fixture('rsa.key.pem');

test.each<readonly [string, () => Credential]>([
  ['a secret with a line break', () => secret(() => `${MARKER}\n`)],
  ['a secret that is an object', () => secret(() => ({ MARKER }) as never)],
  ['a PEM that breaks off', () => certificate({ pem: pair('rsa').slice(0, -200) })],
  ['a key of another certificate', () => certificate({ pem: fixture('p256.crt.pem') + key })],
  ['a key without its certificate', () => certificate({ pem: key })],
  ['a wrong passphrase', () => certificate({ pem: fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'), passphrase: MARKER })],
  ['a wrong passphrase of a PFX', () => certificate({ pfx, passphrase: () => MARKER })],
  ['a key on a connection that breaks off', () => mutualTls({ pem: fixture('rsa.crt.pem'), privateKey: key.slice(0, -200) })],
  ['a file that is no certificate', () => certificateFile(fileWith(`-----BEGIN PRIVATE KEY-----\n${MARKER}\n-----END PRIVATE KEY-----\n`))],
  ['a signature that is none', () => signer({ algorithm: 'PS256', keyId: 'k', sign: () => MARKER as never })],
  ['a federated token that is none', () => federatedToken(() => MARKER)],
  ['a file that holds no token', () => workloadIdentity({ tokenFile: fileWith(MARKER) })],
  ['none of several', () => firstUsable([secret(() => `${MARKER}\n`), federatedToken(() => MARKER)])],
])('SEC-08: %s is refused without a word of it', async (_, credentialOf) => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback, { credential: credentialOf(), maxAttempts: 1 });
  const keyLines = key.split('\n').filter((line) => line.length > 60);
  await expectSilence([MARKER, ...keyLines], [source, () => source.getToken('a'), () => source.check()]);
  expect(loopback.received).toEqual([]);
});

test.each<readonly [string, (fail: () => never) => Credential]>([
  ['a signature', (fail) => signer({ algorithm: 'PS256', keyId: 'k', sign: fail })],
  ['a secret', (fail) => secret(fail)],
  ['a certificate', (fail) => certificate(fail)],
  ['a passphrase', (fail) => certificate({ pfx, passphrase: fail })],
  ['a federated token', (fail) => federatedToken(fail)],
])('what the function for %s throws is the cause, and in nothing else', async (_, credentialOf) => {
  const thrown = new Error(MARKER);
  const credential = credentialOf(() => {
    throw thrown;
  });
  const heard = hear();
  const { source } = sourceFor(await startLoopback(sendToken), { credential, maxAttempts: 1 });
  const error: unknown = await source.getToken('a').catch((reason: unknown) => reason);
  if (!(error instanceof TokenSourceError)) throw new Error('expected another error');
  expect(error.cause).toBe(thrown);
  const told = [error.message, error.stack, JSON.stringify(error), String(error), await source.check(), source, heard];
  expect(found([MARKER], told.map(printed).join('\n'))).toEqual([]);
});

test('SEC-08: a program that prints all it has, and ends with an error that nobody catches, prints nothing secret', async () => {
  const loopback = await startLoopback((response, index, { form, headers }) =>
    index === 0
      ? sendJson(response, { access_token: MARKER, token_type: 'Bearer', expires_in: 3600 })
      : sendJson(response, { error: 'invalid_client', error_description: `${form} ${headers.authorization}` }, 401),
  );
  const program = await bundleProgram(`import { createTokenSource, issuer, secret } from '@client-credentials/token-source';
    const { ORIGIN, SECRET } = process.env;
    const authority = issuer(ORIGIN, { tokenEndpoint: ORIGIN + '/token', allowHttpLoopback: true });
    const tokens = createTokenSource({ authority, clientId: 'me', credential: secret(SECRET) });
    const token = await tokens.getToken('a');
    console.log(tokens, token, tokens.inspect('a'), \`\${token}\`, JSON.stringify({ tokens, token }));
    await tokens.getToken('b').catch((error) => console.error(error, String(error), JSON.stringify(error)));
    tokens.getToken('c');`);
  const env = { ORIGIN: loopback.origin, SECRET: `${MARKER} too`, NODE_DEBUG: 'undici' };
  const { code, stdout, stderr } = await startProgram(program, { env }).outcome;
  expect([code, loopback.received.length]).toEqual([1, 3]);
  expect(stdout).toContain('expiresAtMs');
  expect(stderr).toMatch(/UNDICI[\s\S]*TokenResponseError[\s\S]*TokenResponseError/);
  expect(found([MARKER, `${MARKER} too`], stdout + stderr)).toEqual([]);
});

/** Prints each object, and what each function brings or throws, and all events meanwhile: none of the secrets may be there. */
async function expectSilence(secrets: readonly string[], subjects: readonly unknown[], later: readonly string[] = []): Promise<void> {
  const heard = hear();
  const objects: unknown[] = [];
  for (const subject of subjects) {
    objects.push(typeof subject === 'function' ? await (async () => subject())().catch((error: unknown) => error) : subject);
  }
  expect(found([...secrets, ...later], [...objects, ...subjects, heard].map(printed).join('\n'))).toEqual([]);
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function fileWith(content: string): string {
  const path = join(newFolder(), 'file');
  writeFileSync(path, content);
  return path;
}
