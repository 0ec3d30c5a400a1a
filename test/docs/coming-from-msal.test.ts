/** The guide for those who come from MSAL tells the truth: its two programs send the same, and its names are MSAL's and ours. */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type JournalEntry, type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

const GUIDE = textOf('docs/guides/coming-from-msal.md');
const [THEIRS = '', OURS = ''] = [...GUIDE.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program);
const [, FROM_MSAL = ''] = GUIDE.split(/^## .*$/m);
const ROWS = [...FROM_MSAL.matchAll(/^\| (`.*?) +\| (.*?) +\|$/gm)].map(([, theirs = '', ours = '']) => ({ theirs, ours }));

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ profile: 'lenient', seed: 'msal', now: Date.now });
}, 60_000);
beforeEach(() => mock.reset());
afterAll(() => mock.close());

describe('its two programs, run against the mock,', () => {
  test('send the same request, but for telemetry and what is new in each assertion', async () => {
    const [theirs, ours] = [wireOf(await requestsOf(THEIRS)), wireOf(await requestsOf(OURS))];
    expect(theirs).toHaveLength(1);
    expect(ours).toEqual(theirs);
  });

  test('ask ten times, and once, for one token that is wanted ten times at once', async () => {
    const tenfold = (call: string) => `await Promise.all(Array.from({ length: 10 }, () => ${call}));`;
    const theirs = THEIRS.replace(/const result = await ([\s\S]*?\}\));?\n[\s\S]*/, (_, call: string) => tenfold(call));
    const ours = OURS.replace(/const token = await (.*);\n.*\n/, (_, call: string) => `${tenfold(call)}\n`);
    expect(await requestsOf(theirs)).toHaveLength(10);
    expect(await requestsOf(ours)).toHaveLength(1);
  });

  test('send one assertion with two requests, and one with each, which is good for five minutes', async () => {
    const twice = (program: string, again: string) => program.replace(/console\.log.*\n/, `${again}\n`);
    const assertionsOf = async (program: string): Promise<readonly number[]> => [
      ...new Map((await requestsOf(program)).map(claimsOf).map(({ jti, iat = 0, exp = 0 }) => [jti, exp - iat])).values(),
    ];
    const scope = `'${mock.scope}'`;
    const theirs = await assertionsOf(twice(THEIRS, `await app.acquireTokenByClientCredential({ scopes: [${scope}], skipCache: true });`));
    const ours = await assertionsOf(twice(OURS, `await tokens.getToken(${scope}, { forceRefresh: true });`));
    // MSAL rounds one of the two times: ten minutes, or a second more.
    expect(theirs).toEqual([expect.closeTo(600, -1)]);
    expect(ours).toEqual([300, 300]);
  });
});

test('every name on the left is one of MSAL’s, and no option of its for authentication is left out', () => {
  const types = typesOfMsal();
  const names = ROWS.flatMap(({ theirs }) => namesIn(theirs));
  expect(names.length).toBeGreaterThan(25);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(types))).toEqual([]);
  const [, options = ''] = /type NodeAuthOptions = \{([\s\S]*?)\n\};/.exec(types) ?? [];
  const members = [...options.replaceAll(/\/\*\*[\s\S]*?\*\//g, '').matchAll(/(\w+)\??:/g)].map(([, name = '']) => name);
  // The client id keeps its name; the key stands in the row of the certificate; MCP is for resources of another protocol.
  const left = ['clientId', 'privateKey', 'isMcp'];
  expect(members.filter((name) => !left.includes(name) && !names.includes(name))).toEqual([]);
});

test('every name on the right is one that a package exports or takes', () => {
  const api = ['protocol', 'token-source', 'token-cache'].map((name) => textOf(`packages/${name}/${name}.api.txt`)).join('\n');
  const events = textOf('packages/token-source/src/events.ts');
  const code = ROWS.flatMap(({ ours }) => [...ours.matchAll(/`([^`]+)`/g)].map(([, cell = '']) => cell));
  const names = code
    .map((cell) => cell.replaceAll(/'[^']*'/g, ''))
    .flatMap((cell) => [...cell.matchAll(/[A-Za-z]\w{3,}/g)].map(([name]) => name))
    .filter((name) => !VALUES.includes(name));
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(api + events))).toEqual([]);
});

/** What stands for a value, in names of the guide's own; and authorities that are none here. */
const VALUES = ['path', 'async', 'value', 'common', 'organizations', 'resource', 'default', 'fmi_path', 'true'];

/** What the mock received while a program of the guide ran, with the mock in place of Entra and its own client. */
async function requestsOf(program: string): Promise<readonly JournalEntry[]> {
  const { fingerprint256 } = new X509Certificate(readFileSync(mock.certificateFile));
  const onMock = program
    .replace(
      "authority: 'https://login.microsoftonline.com/",
      `knownAuthorities: ['${new URL(mock.authorityHost).host}'], authority: '${mock.authorityHost}/`,
    )
    .replace("tenant: '", `authorityHost: '${mock.authorityHost}', tenant: '`)
    .replace(/clientId: '[^']*'/, `clientId: '${mock.clientId}'`)
    .replace(/thumbprintSha256: '[^']*'/, `thumbprintSha256: '${fingerprint256.replaceAll(':', '')}'`)
    .replace('/etc/daemon/daemon.crt', mock.certificateFile)
    .replace('/etc/daemon/daemon.key', mock.privateKeyFile)
    .replace('https://graph.microsoft.com/.default', mock.scope);
  mock.reset();
  const running = startProgram(await bundleProgram(onMock), { env: { NODE_EXTRA_CA_CERTS: mock.caFile } });
  expect(await running.outcome).toMatchObject({ code: 0, stderr: '' });
  return mock.journal.filter(({ method }) => method === 'POST');
}

function wireOf(requests: readonly JournalEntry[]): readonly object[] {
  return requests.map((request) => {
    const { path, form = {}, assertion } = request;
    const fields = Object.entries(form).filter(([name]) => !/^(x-|client-request-id$|client_assertion$)/.test(name));
    const { aud, iss, sub } = claimsOf(request);
    return { path: path.split('?')[0], fields: Object.fromEntries(fields), header: assertion?.header, aud, iss, sub };
  });
}

function claimsOf({ assertion }: JournalEntry): JWTPayload {
  return (assertion?.claims ?? {}) as JWTPayload;
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

/** The declarations of MSAL and of the part of it that it has in common with others. */
function typesOfMsal(): string {
  const node = join(dirname(createRequire(import.meta.url).resolve('@azure/msal-node')), '..');
  const common = join(realpathSync(node), '../msal-common');
  return [join(node, 'types'), join(common, 'types')]
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.d.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    .join('\n');
}

function textOf(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}
