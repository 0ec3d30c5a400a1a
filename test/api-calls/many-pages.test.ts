/**
 * A large collection while every tenth answer is a 429, a 503 or a reset, and the token expires twice: every item comes once, memory stays
 * flat, and a daemon that is killed in the middle goes on. A tenth of it here; all of it with `npm run endurance -- --long`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

const COUNT = process.env['ENDURANCE'] === 'long' ? 250_000 : 25_000;
const PAGES = COUNT / 1000;

let program: string;
beforeAll(async () => {
  program = await bundleProgram("import './test/api-calls/reader.ts';");
});

interface Line {
  readonly first: number;
  readonly last: number;
}

/** A mock whose API fails with every tenth answer, in turns. */
async function startUnsteadyApi(): Promise<MockTokenEndpoint> {
  const mock = await startMockTokenEndpoint({ journalEntries: 10_000 });
  onTestFinished(() => mock.close());
  const match = { path: /\/items\?/ };
  mock.addRule({ match, skip: 9, every: 30, answer: { status: 429, headers: { 'x-ms-retry-after-ms': '20' } } });
  mock.addRule({ match, skip: 19, every: 30, answer: { status: 503, headers: { 'Retry-After': '0' } } });
  mock.addRule({ match, skip: 29, every: 30, answer: { fault: 'reset-before-headers' } });
  return mock;
}

async function environmentOf(mock: MockTokenEndpoint): Promise<{ env: Record<string, string>; lines: () => Promise<Line[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const LOG = join(folder, 'log');
  const env = {
    AUTHORITY: mock.authorityHost,
    TENANT: mock.tenantId,
    CLIENT: mock.clientId,
    SECRET: mock.clientSecret,
    CA: mock.caFile,
    API: mock.apiBaseUrl,
    SCOPE: mock.scope,
    COUNT: String(COUNT),
    LOG,
  };
  const lines = async (): Promise<Line[]> =>
    (await readFile(LOG, 'utf8').catch(() => ''))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { env, lines };
}

/** Every number from 1 to the last, once and in order. */
function expectEveryItemOnce(lines: readonly Line[]): void {
  expect(lines.map(({ first, last }) => [first, last])).toEqual(
    Array.from({ length: PAGES }, (_, index) => [index * 1000 + 1, (index + 1) * 1000]),
  );
}

const tokenRequests = (mock: MockTokenEndpoint): number => mock.journal.filter(({ form }) => form !== undefined).length;

test(`${COUNT.toLocaleString('en')} items come once each, with as few tokens as can be, and in flat memory`, {
  timeout: 300_000,
}, async () => {
  const mock = await startUnsteadyApi();
  const { env, lines } = await environmentOf(mock);
  const running = startProgram(program, { env, nodeArgs: ['--expose-gc'] });
  // The API takes a token no more: so it is with one that has expired by its clock.
  for (const third of [1, 2]) {
    await expect.poll(async () => (await lines()).length, { timeout: 120_000, interval: 5 }).toBeGreaterThanOrEqual((third * PAGES) / 3);
    mock.advanceClock(3_700_000);
  }
  const { code, stdout, stderr } = await running.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectEveryItemOnce(await lines());
  const { pages, grownBytes } = JSON.parse(stdout) as { pages: number; grownBytes: number };
  const failures = mock.journal.filter(({ path, status }) => path.includes('/items?') && status !== 200 && status !== 401).length;
  console.log(
    `${pages} pages, ${failures} failures, ${tokenRequests(mock)} token requests, heap grown by ${grownBytes} bytes in the last third`,
  );
  expect(tokenRequests(mock)).toBe(3);
  expect(failures).toBeGreaterThanOrEqual(Math.floor(PAGES / 10));
  expect(grownBytes).toBeLessThan(1_000_000);
});

test('a daemon that is killed again and again loses nothing, and does nothing twice', { timeout: 300_000 }, async () => {
  const mock = await startUnsteadyApi();
  const { env, lines } = await environmentOf(mock);
  for (const part of [0.2, 0.5, 0.8]) {
    const running = startProgram(program, { env });
    await expect.poll(async () => (await lines()).length, { timeout: 120_000, interval: 5 }).toBeGreaterThanOrEqual(part * PAGES);
    running.child.kill('SIGKILL');
    await running.outcome;
  }
  const { code, stderr } = await startProgram(program, { env }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectEveryItemOnce(await lines());
});
