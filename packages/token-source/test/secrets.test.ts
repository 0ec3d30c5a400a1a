/** Nothing secret prints: each kind of credential with marked contents, through success and every kind of failure. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair } from '../../../test/support/certificates.ts';
import type { LoadedCredential } from '../src/credential/credential.ts';
import {
  type Credential,
  certificate,
  certificateFile,
  federatedToken,
  firstUsable,
  githubActions,
  mutualTls,
  secret,
  signer,
  workloadIdentity,
} from '../src/index.ts';
import { type Answer, type Loopback, sendJson, startLoopback } from './loopback.ts';
import { found, hear, printed } from './printed.ts';
import { sourceFor } from './source.ts';

const SECRET = 'MARKER/of+a secret:ü, of 32 octets';
const TOKEN = 'MARKER-of-an-access-token';
const REQUEST_TOKEN = 'MARKER-of-a-request-token';
const encrypted = fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem');
const pfx = readFileSync(new URL('../../../test/fixtures/pkcs12/rsa.pfx', import.meta.url));

/** A token such as another issuer signs: its signature is what gives it away. */
const jwt = (signature: string): string =>
  [{ alg: 'RS256' }, { sub: 'me', exp: 4_000_000_000 }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
  `.${Buffer.from(signature).toString('base64url')}`;
const FEDERATED = jwt('MARKER-of-a-federated-token');

/** The lines of a private key, any of which would give it away in part; what stands in its certificate too is public. */
function linesOf(name: string): readonly string[] {
  const publicText = fixture(`${name}.crt.pem`).replaceAll('\n', '');
  return fixture(`${name}.key.pem`)
    .split('\n')
    .filter((line) => line.length > 30 && !line.startsWith('-----') && !publicText.includes(line));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  for (const [name, content] of Object.entries({ pem: pair('rsa'), pfx, token: FEDERATED })) writeFileSync(join(folder, name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

const github = (loopback: Loopback): Credential =>
  githubActions({
    allowHttpLoopback: true,
    environment: { ACTIONS_ID_TOKEN_REQUEST_URL: `${loopback.origin}/github?x=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN },
  });

/** Each kind, and what of it is secret beside what it sends. */
const KINDS: Readonly<Record<string, readonly [(loopback: Loopback) => Credential, readonly string[]]>> = {
  'a secret in the body': [() => secret(SECRET, { method: 'client_secret_post' }), [SECRET]],
  'a secret in HTTP Basic': [() => secret(() => SECRET, { method: 'client_secret_basic' }), [SECRET]],
  'a secret that signs': [() => secret(SECRET, { method: 'client_secret_jwt' }), [SECRET]],
  'a key in PEM': [() => certificate({ pem: pair('rsa') }), linesOf('rsa')],
  'an encrypted key': [() => certificate({ pem: encrypted, passphrase: () => PASSPHRASE }), [PASSPHRASE, ...linesOf('rsa')]],
  'a PFX': [() => certificate(() => ({ pfx, passphrase: PASSPHRASE })), [PASSPHRASE, ...linesOf('rsa')]],
  'a file in PEM': [() => certificateFile(join(folder, 'pem')), linesOf('rsa')],
  'a file in PFX': [() => certificateFile(join(folder, 'pfx'), { passphrase: PASSPHRASE }), [PASSPHRASE, ...linesOf('rsa')]],
  'a key of the connection': [() => mutualTls({ pem: pair('p256') }, { boundTokens: true }), linesOf('p256')],
  'a signature from elsewhere': [() => signer({ algorithm: 'PS256', keyId: 'k', sign: () => Buffer.from(SECRET) }), [SECRET]],
  'a federated token': [() => federatedToken(() => FEDERATED), ['MARKER-of-a-federated-token', FEDERATED]],
  'a token in a file': [() => workloadIdentity({ tokenFile: join(folder, 'token') }), ['MARKER-of-a-federated-token', FEDERATED]],
  'a workflow’s token': [github, [REQUEST_TOKEN, 'MARKER-of-a-federated-token', FEDERATED]],
  'the second of two': [() => firstUsable([secret(() => `${SECRET}\n`), secret(SECRET)]), [SECRET]],
};

/** What the token endpoint answers in turn: a token, then everything that goes wrong, each time with all that it received. */
const ANSWERS: readonly ((echo: string, response: Parameters<Answer>[0]) => void)[] = [
  (_, response) => sendJson(response, { access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 }),
  (echo, response) => sendJson(response, { error: 'invalid_client', error_description: echo, error_uri: `https://x/?${echo}` }, 401),
  (echo, response) => sendJson(response, { error: 'invalid_scope', error_description: echo, trace_id: echo, claims: echo }, 400),
  (echo, response) => sendJson(response, { error: echo }, 400),
  (echo, response) => void response.writeHead(403, { 'content-type': 'text/html' }).end(`<pre>${echo}</pre>`),
  (echo, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"access_token":"${TOKEN}","x":${echo}`),
  (echo, response) => sendJson(response, { access_token: `${TOKEN}\n`, token_type: echo, expires_in: echo }),
  (echo, response) => void response.writeHead(307, { location: `https://x.example/?${encodeURIComponent(echo)}` }).end(echo),
  (echo, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write(echo, () => response.destroy()),
  (echo, response) => void response.socket?.end(`HTTP/1.1 200 OK\r\nX-Bad\u0000: ${echo}\r\n\r\n`),
  (_, response) => void response.destroy(),
];

test.each(Object.entries(KINDS))(
  'SEC-08, CC-32: %s is in nothing that prints, whatever the server answers',
  async (_, [credentialOf, secrets]) => {
    const sent: string[] = [];
    let answers = 0;
    const loopback = await startLoopback((response, _index, { path, form, headers }) => {
      if (path.startsWith('/github')) return sendJson(response, { value: FEDERATED });
      const values = [...form.entries(), ['authorization', headers.authorization ?? '']] as const;
      sent.push(...values.filter(([name, value]) => CARRIERS.has(name) && value !== '').map(([, value]) => value));
      ANSWERS[answers]?.(JSON.stringify([form.toString(), [...form.values()], headers.authorization, headers]), response);
      answers += 1;
    });
    const heard = hear();
    const given = credentialOf(loopback);
    const loads: LoadedCredential[] = [];
    const credential: Credential = {
      ...given,
      async load(context) {
        const loaded = await given.load(context);
        loads.push(loaded);
        return loaded;
      },
    };
    const { source } = sourceFor(loopback, { credential, maxAttempts: 1, now: () => Date.UTC(2026, 11, 1) });
    const objects: unknown[] = [given, loads, source, await source.getToken('a')];
    while (answers < ANSWERS.length) objects.push(await failureOf(source.getToken(`scope-${answers}`, { forceRefresh: true })));
    objects.push(source, source.inspect('a'), await source.check(), await source.check({ network: true }), heard);
    expect(objects.filter((object) => object instanceof Error).length).toBe(ANSWERS.length - 1);
    expect([loads.length, heard.length].every((count) => count > ANSWERS.length)).toBe(true);
    objects.push(loads.map((loaded) => loaded.authentication({ profile: 'rfc', issuer: loopback.origin, tokenEndpoint: loopback.origin })));
    expect(found([TOKEN, ...secrets, ...sent], objects.map(printed).join('\n'))).toEqual([]);
  },
);

/** Where what a client proves itself with is sent. */
const CARRIERS: ReadonlySet<string> = new Set(['client_secret', 'client_assertion', 'authorization']);

test('the search finds what is there, in each form in which it travels', () => {
  const inHeader = `Basic ${Buffer.from(`me:${encodeURIComponent(SECRET)}`).toString('base64')}`;
  const forms = [SECRET, JSON.stringify([SECRET]), new URLSearchParams({ a: SECRET }).toString(), encodeURIComponent(SECRET)];
  for (const before of ['', 'x', 'xx']) forms.push(Buffer.from(`${before}${SECRET} and more`).toString('base64'));
  for (const form of forms) expect(found([SECRET], printed(new Error('outer', { cause: new Error(form) }))), form).toEqual([SECRET]);
  expect(found([encodeURIComponent(SECRET)], printed({ inHeader }))).toHaveLength(1);
  expect(linesOf('rsa').length).toBeGreaterThan(15);
  expect(found(linesOf('p256'), printed({ key: fixture('p256.key.pem').replaceAll('\n', '') })).length).toBe(linesOf('p256').length);
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error,
  );
}
