/** What each platform is recognised by, and what is sent to it; the search for IMDS; Azure Arc's key files. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpResponse } from '@client-credentials/protocol';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { acquireFromPlatform } from '../../src/managed-identity/acquire.ts';
import { readArcKey } from '../../src/managed-identity/arc-key.ts';
import { detectPlatform } from '../../src/managed-identity/detect-platform.ts';
import type { Identity } from '../../src/managed-identity/identity.ts';
import type { HttpRequest } from '../../src/transport/transport.ts';

const NOWHERE = { program: '/nonexistent', tokensFolder: '/nonexistent' };
const NOW_MS = Date.UTC(2026, 0, 1);
const ENDPOINT = 'http://127.0.0.1:8081/token';

const detect = (environment: Record<string, string>, identity?: Identity) => detectPlatform({ environment, identity, arc: NOWHERE });

test.each<[string, Record<string, string>, string, Record<string, string>]>([
  [
    'Service Fabric',
    { IDENTITY_ENDPOINT: 'https://localhost/token', IDENTITY_HEADER: 's', IDENTITY_SERVER_THUMBPRINT: 'ab' },
    'https://localhost/token?api-version=2020-05-01&resource=r',
    { secret: 's' },
  ],
  [
    'App Service',
    { IDENTITY_ENDPOINT: ENDPOINT, IDENTITY_HEADER: 's' },
    `${ENDPOINT}?api-version=2019-08-01&resource=r`,
    { 'x-identity-header': 's' },
  ],
  [
    'Azure Machine Learning',
    { MSI_ENDPOINT: ENDPOINT, MSI_SECRET: 's' },
    `${ENDPOINT}?api-version=2017-09-01&resource=r`,
    { secret: 's', metadata: 'true' },
  ],
  ['Cloud Shell', { MSI_ENDPOINT: ENDPOINT }, ENDPOINT, { metadata: 'true' }],
  [
    'Azure Arc',
    { IDENTITY_ENDPOINT: ENDPOINT, IMDS_ENDPOINT: ENDPOINT },
    `${ENDPOINT}?api-version=2020-06-01&resource=r`,
    { metadata: 'true' },
  ],
  ['IMDS', {}, 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r', { metadata: 'true' }],
])('%s is recognised, and asked in its own way', (name, environment, url, headers) => {
  const platform = detect(environment);
  expect(platform.name).toBe(name);
  expect(platform.buildRequest('r')).toMatchObject({ url, headers });
});

test('an empty variable is none', () => {
  expect(detect({ IDENTITY_ENDPOINT: '', IDENTITY_HEADER: 's', MSI_ENDPOINT: '' }).name).toBe('IMDS');
});

test.each<[Record<string, string>, Identity, string]>([
  [{}, { kind: 'clientId', id: 'c' }, 'client_id=c'],
  [{}, { kind: 'objectId', id: 'o' }, 'object_id=o'],
  [{}, { kind: 'resourceId', id: '/s' }, 'msi_res_id=%2Fs'],
  [{ IDENTITY_ENDPOINT: ENDPOINT, IDENTITY_HEADER: 's' }, { kind: 'resourceId', id: '/s' }, 'mi_res_id=%2Fs'],
  [{ MSI_ENDPOINT: ENDPOINT, MSI_SECRET: 's' }, { kind: 'clientId', id: 'c' }, 'clientid=c'],
])('%j is told which identity by its own parameter', (environment, identity, parameter) => {
  expect(detect(environment, identity).buildRequest('r').url).toContain(parameter);
});

describe('MI-03: IMDS is looked for, where nobody has named its host', () => {
  const acquireWith = (answer: (request: HttpRequest) => HttpResponse | Promise<never>) => {
    const sent: HttpRequest[] = [];
    const platform = detect({});
    const context = {
      transport: {
        send: async (request: HttpRequest) => {
          sent.push(request);
          return answer(request);
        },
      },
      signal: new AbortController().signal,
      timeoutMs: 10_000,
      deadlineMs: 30_000,
      now: () => NOW_MS,
      sleep: async () => {},
    };
    return { sent, acquire: () => acquireFromPlatform(platform, ['r/.default'], context) };
  };
  const token = { access_token: 't', token_type: 'Bearer', expires_on: String(NOW_MS / 1000 + 3600), resource: 'r' };
  const service = ({ headers }: HttpRequest): HttpResponse =>
    headers['metadata'] === 'true'
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(token) }
      : { status: 400, headers: {}, body: '' };

  test('by a request without the header, for a second, straight to its host, and once', async () => {
    const { sent, acquire } = acquireWith(service);
    await acquire();
    await acquire();
    expect(sent.map(({ headers, timeoutMs }) => [headers['metadata'], timeoutMs])).toEqual([
      [undefined, 1000],
      ['true', 10_000],
      ['true', 10_000],
    ]);
    expect(sent.every(({ direct }) => direct === true)).toBe(true);
  });

  test.each<[string, (request: HttpRequest) => HttpResponse | Promise<never>]>([
    ['nobody answers', () => Promise.reject(new Error('no route'))],
    ['somebody else does', () => ({ status: 200, headers: {}, body: 'ami-id' })],
  ])('and if %s, the token service is not asked, and it says what to do', async (_, answer) => {
    const { sent, acquire } = acquireWith(answer);
    await expect(acquire()).rejects.toMatchObject({
      code: 'credential_unavailable',
      message: expect.stringContaining('another credential'),
    });
    expect(sent).toHaveLength(1);
  });
});

describe("Azure Arc's key", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'arc-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
  });
  const challenge = (path: string): HttpResponse => ({ status: 401, headers: { 'www-authenticate': `Basic realm=${path}` }, body: '' });

  test('is what the file says that the agent names', async () => {
    writeFileSync(join(folder, 'a.key'), 'the-key\n');
    expect(await readArcKey(challenge(join(folder, 'a.key')), folder)).toBe('Basic the-key');
    expect(await readArcKey({ status: 200, headers: {}, body: '' }, folder)).toBeUndefined();
  });

  test('is not read from elsewhere, whatever the agent says', async () => {
    writeFileSync(join(folder, 'a.txt'), 'secret');
    writeFileSync(join(folder, 'long.key'), 'x'.repeat(4097));
    writeFileSync(join(folder, 'odd.key'), 'a\r\nInjected: header');
    symlinkSync(join(folder, 'a.txt'), join(folder, 'link.key'));
    for (const path of [
      '/etc/passwd',
      '/etc/some.key',
      join(folder, 'a.txt'),
      `${folder}/../${folder.split('/').at(-1)}/a.key`,
      `${folder}/sub/a.key`,
      join(folder, 'link.key'),
      join(folder, 'long.key'),
      join(folder, 'odd.key'),
      join(folder, 'missing.key'),
    ]) {
      await expect(readArcKey(challenge(path), folder), path).rejects.toMatchObject({ code: 'credential_unavailable' });
    }
  });
});
