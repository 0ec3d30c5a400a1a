/** Azure Arc's metadata service: a caller proves with the content of a file that it may read it. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Harness, NOW_SECONDS, startHarness } from './harness.ts';

let harness: Harness;
let endpoint: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'arc' });
  const environment = await harness.mock.platformEnvironment('azure-arc');
  endpoint = environment['IDENTITY_ENDPOINT'] ?? '';
  expect(environment).toEqual({ IDENTITY_ENDPOINT: endpoint, IMDS_ENDPOINT: harness.mock.platformUrl });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const QUERY = { 'api-version': '2020-06-01', resource: 'api://mock-graph' };
const ask = (headers: Record<string, string> = {}, query: Record<string, string> = {}) =>
  harness.send(`${endpoint}?${new URLSearchParams({ ...QUERY, ...query })}`, { headers: { metadata: 'true', ...headers } });

/** Asks without a key, and returns the file that the challenge names. */
async function challenged(): Promise<string> {
  const { status, headers } = await ask();
  expect(status).toBe(401);
  return /^Basic realm=(\/.+)$/.exec(String(headers['www-authenticate']))?.[1] ?? '';
}

const basic = (file: string) => ({ authorization: `Basic ${readFileSync(file, 'utf8')}` });

test('what the file of the challenge holds is good for one token', async () => {
  const file = await challenged();
  const authorization = basic(file);
  const { status, json } = await ask(authorization);
  expect([status, json.expires_on, json.refresh_token]).toEqual([200, String(NOW_SECONDS + 3600), '']);
  expect((await harness.callApi('users', { token: json.access_token })).status).toBe(200);
  expect(existsSync(file)).toBe(false);
  expect((await ask(authorization)).status).toBe(401);
});

test('each challenge has a file of its own, which only the owner can read, in a folder that only the owner can enter', async () => {
  const files = [await challenged(), await challenged()] as const;
  expect(files[0]).not.toBe(files[1]);
  expect(readFileSync(files[0], 'utf8')).not.toBe(readFileSync(files[1], 'utf8'));
  for (const file of files) {
    expect(extname(file)).toBe('.key');
    expect(basename(dirname(file))).toBe('tokens');
    expect(dirname(dirname(file))).toBe(dirname(harness.mock.caFile));
    expect([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readFileSync(file, 'utf8')).toMatch(/^[A-Za-z0-9_-]{64}$/);
  }
  expect((await ask(basic(files[1]))).status).toBe(200);
  expect((await ask(basic(files[0]))).status).toBe(200);
});

test('a wrong key gets a new challenge', async () => {
  const { status, json, headers } = await ask({ authorization: 'Basic Z3Vlc3M' });
  expect([status, json.error]).toEqual([401, 'unauthorized_client']);
  expect(headers['www-authenticate']).toMatch(/^Basic realm=/);
});

test('of challenges that nobody meets the newest hundred are kept, and none after a reset', async () => {
  const first = await challenged();
  const folder = dirname(first);
  for (let count = 0; count < 100; count += 1) await challenged();
  expect(existsSync(first)).toBe(false);
  expect(readdirSync(folder)).toHaveLength(100);
  harness.mock.reset();
  expect(readdirSync(folder)).toEqual([]);
});

test('the header is wanted, and a user-assigned identity is refused', async () => {
  expect((await ask({ metadata: 'TRUE' })).json.error_description).toBe('Required metadata header not specified');
  for (const name of ['client_id', 'object_id', 'msi_res_id', 'mi_res_id']) {
    const { status, json } = await ask(basic(await challenged()), { [name]: 'some' });
    expect([status, json.error_description]).toEqual([400, `The query variable '${name}' names no identity on this platform.`]);
  }
});

test('the version of the MSAL family is taken, an older one is not', async () => {
  expect((await ask(basic(await challenged()), { 'api-version': '2019-11-01' })).status).toBe(200);
  expect((await ask(basic(await challenged()), { 'api-version': '2019-08-15' })).status).toBe(400);
});

test('a challenge that names a file elsewhere is had by rule', async () => {
  const realm = { 'www-authenticate': 'Basic realm=/etc/passwd' };
  harness.mock.addRule({ match: { path: new URL(endpoint).pathname }, times: 1, answer: { status: 401, headers: realm } });
  const { status, headers } = await ask();
  expect([status, headers['www-authenticate']]).toEqual([401, 'Basic realm=/etc/passwd']);
});

test('a file in a folder whose name no header can spell is named by the octets of its path', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ключ-'));
  const elsewhere = await startHarness({ seed: 'arc', directory });
  try {
    const { IDENTITY_ENDPOINT } = await elsewhere.mock.platformEnvironment('azure-arc');
    const request = get(`${IDENTITY_ENDPOINT}?${new URLSearchParams(QUERY)}`, { headers: { metadata: 'true' } });
    const [response]: [IncomingMessage] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(401);
    // Node reads each octet of a header as one character.
    const file = Buffer.from(String(response.headers['www-authenticate']), 'latin1').toString().replace('Basic realm=', '');
    expect([file.startsWith(directory), existsSync(file)]).toEqual([true, true]);
  } finally {
    await elsewhere.close();
    rmSync(directory, { recursive: true });
  }
});
