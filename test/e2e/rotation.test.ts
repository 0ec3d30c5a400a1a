/** Credentials replaced while they are in use: no call fails, and the new one serves soon. One that was revoked costs one failed attempt. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JournalEntry, type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import {
  type Credential,
  certificate,
  certificateFile,
  createTokenSource,
  entra,
  firstUsable,
  secret,
  type TokenSource,
  workloadIdentity,
} from '@client-credentials/token-source';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const TENANT = 'contoso.example';
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';
const CALLS_PER_SECOND = 50;
/** Before a credential is replaced, while half of it is there, and afterwards. */
const CALLS_MEANWHILE = 10;

let mock: MockTokenEndpoint;
let folder: string;

beforeAll(async () => {
  const resources = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`api://${index}`, {}]));
  mock = await startMockTokenEndpoint({ resources, tenants: { [TENANT]: { clients: { [CLIENT]: { secrets: ['old', 'new'] } } } } });
  folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
});
afterAll(async () => {
  await mock.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => mock.reset());

function sourceOf(credential: Credential, { tenant = mock.tenantId, clientId = mock.clientId } = {}): TokenSource {
  const source = createTokenSource({ authority: entra({ tenant, authorityHost: mock.authorityHost }), clientId, credential, ca: mock.ca });
  onTestFinished(() => source.close());
  return source;
}

/** Lets so many calls more be made, and waits until each of them has its token. */
type MakeCalls = () => Promise<void>;

/** Asks for one token after the other, each of them a new one, before, while and after `replace` is at work. */
async function underLoad(source: TokenSource, replace: (makeCalls: MakeCalls) => Promise<void>): Promise<void> {
  const calls: Promise<unknown>[] = [];
  const timer = setInterval(() => calls.push(source.getToken(`api://${calls.length}/.default`)), 1000 / CALLS_PER_SECOND);
  const makeCalls: MakeCalls = async () => {
    const enough = calls.length + CALLS_MEANWHILE;
    await expect.poll(() => calls.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(enough);
    await Promise.all(calls);
  };
  try {
    await makeCalls();
    await replace(makeCalls);
    await makeCalls();
  } finally {
    clearInterval(timer);
  }
  await Promise.all(calls);
  await source.getToken('api://0/.default', { forceRefresh: true });
  expect(mock.journal.filter(({ status }) => status !== 200)).toEqual([]);
}

/** What tells one credential from another, request by request; each only where it changes. */
function served(of: (entry: JournalEntry) => unknown): readonly unknown[] {
  const all = mock.journal.filter(({ form }) => form !== undefined).map(of);
  // Requests that were made with the old one may arrive behind the first with the new one.
  return [...new Set(all)].concat(all.at(-1));
}

const thumbprint = ({ assertion }: JournalEntry): unknown => (assertion?.header as { 'x5t#S256'?: string } | undefined)?.['x5t#S256'];

/** In two halves, so that there is half a file in between, while calls are made. */
async function overwrite(path: string, contents: string | Buffer, makeCalls: MakeCalls): Promise<void> {
  const bytes = Buffer.from(contents);
  await writeFile(path, bytes.subarray(0, bytes.length / 2));
  await makeCalls();
  await appendFile(path, bytes.subarray(bytes.length / 2));
}

describe(`while ${CALLS_PER_SECOND} calls a second are made, there is replaced`, () => {
  const pemOf = ({ certificate: pem, privateKey }: { certificate: string; privateKey: string }): string => pem + privateKey;

  test('a certificate that a function gives', async () => {
    let present = pemOf(await mock.issueCertificate());
    const renewed = pemOf(await mock.issueCertificate());
    await underLoad(sourceOf(certificate(() => ({ pem: present }))), async () => {
      present = renewed;
    });
    const used = served(thumbprint);
    expect([used.length, used[1]]).toEqual([3, used[2]]);
  });

  test('a PEM file', async () => {
    const path = join(folder, 'daemon.pem');
    await writeFile(path, pemOf(await mock.issueCertificate()));
    const renewed = pemOf(await mock.issueCertificate());
    await underLoad(sourceOf(certificateFile(path)), (makeCalls) => overwrite(path, renewed, makeCalls));
    const used = served(thumbprint);
    expect([used.length, used[1]]).toEqual([3, used[2]]);
  });

  test('a PFX file, with its passphrase', async () => {
    const path = join(folder, 'daemon.pfx');
    const first = await mock.issueCertificate();
    const renewed = await mock.issueCertificate();
    let passphrase = first.pfxPassword;
    await writeFile(path, Buffer.from(first.pfx, 'base64'));
    await underLoad(sourceOf(certificateFile(path, { passphrase: () => passphrase })), async (makeCalls) => {
      await overwrite(path, Buffer.from(renewed.pfx, 'base64'), makeCalls);
      passphrase = renewed.pfxPassword;
    });
    const used = served(thumbprint);
    expect([used.length, used[1]]).toEqual([3, used[2]]);
  });

  test('a secret that a function gives', async () => {
    let present = 'old';
    await underLoad(
      sourceOf(
        secret(() => present),
        { tenant: TENANT, clientId: CLIENT },
      ),
      async () => {
        present = 'new';
      },
    );
    expect(served(({ form }) => form?.['client_secret'])).toEqual(['old', 'new', 'new']);
  });

  test('WIF-02: the token of a service account, in a file', async () => {
    const path = join(folder, 'token');
    const [first, renewed] = [await mock.createFederatedToken(), await mock.createFederatedToken()];
    await writeFile(path, first);
    await underLoad(sourceOf(workloadIdentity({ tokenFile: path })), (makeCalls) => overwrite(path, renewed, makeCalls));
    expect(served(({ form }) => form?.['client_assertion'])).toEqual([first, renewed, renewed]);
  });
});

test('a certificate that was revoked costs one failed attempt, and from then on the next one serves', async () => {
  const old = await mock.issueCertificate();
  const source = sourceOf(
    firstUsable([
      certificate({ pem: old.certificate + old.privateKey }),
      certificateFile(mock.certificateFile, { privateKeyPath: mock.privateKeyFile }),
    ]),
  );
  await source.getToken('api://1/.default');
  mock.reset();
  for (const scope of ['api://2/.default', 'api://3/.default', 'api://4/.default']) await source.getToken(scope);
  expect(mock.journal.map(({ status, error }) => [status, error])).toEqual([
    [401, 'invalid_client'],
    [200, undefined],
    [200, undefined],
    [200, undefined],
  ]);
});
