/** Whether a process stays alive, seen from outside: each test runs a small program in a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'token-cache-'));
  const entryPoints = [fileURLToPath(new URL('../src/index.ts', import.meta.url))];
  await build({ entryPoints, outfile: join(directory, 'cache.mjs'), bundle: true, format: 'esm', platform: 'node' });
});
afterAll(() => rm(directory, { recursive: true }));

test('a call that waits keeps the process alive, though nothing acquire uses does', async () => {
  const program = `console.log((await cache.get('key', { acquire: slowly })).name);`;
  expect(await run(program)).toEqual({ stdout: 'slow\n', code: 0 });
});

test('a call that joins a background flight keeps the process alive', async () => {
  const program = `
    console.log((await cache.get('due', { acquire: slowly })).name);
    console.log((await cache.get('due', { acquire: slowly, forceRefresh: true })).name);`;
  expect(await run(program)).toEqual({ stdout: 'old\nslow\n', code: 0 });
});

test('a background flight that nobody waits for lets the process end', async () => {
  const program = `console.log((await cache.get('due', { acquire: never })).name, cache.inspect('due').refreshing);`;
  expect(await run(program)).toEqual({ stdout: 'old true\n', code: 0 });
});

test('a flight that all callers have left lets the process end', async () => {
  const program = `
    const controller = new AbortController();
    const waiting = [1, 2].map(() => cache.get('key', { acquire: never, signal: controller.signal }));
    controller.abort();
    console.log((await Promise.allSettled(waiting)).map(({ status }) => status).join());`;
  expect(await run(program)).toEqual({ stdout: 'rejected,rejected\n', code: 0 });
});

/** Runs a program that has a cache at hand, with a due value in it. A flight that kept it alive would do so for an hour: it is killed before. */
function run(program: string): Promise<{ stdout: string; code: number | null }> {
  const prelude = `
    import { createTokenCache } from ${JSON.stringify(pathToFileURL(join(directory, 'cache.mjs')).href)};
    let passedMs = 0;
    const now = () => Date.now() + passedMs;
    const cache = createTokenCache({ now, flightTimeoutMs: 3_600_000 });
    const value = (name) => ({ name, receivedAtMs: now(), expiresAtMs: now() + 3_600_000 });
    const slowly = () => new Promise((resolve) => setTimeout(() => resolve(value('slow')), 50).unref());
    const never = () => new Promise(() => {});
    await cache.get('due', { acquire: async () => value('old') });
    passedMs = 3_400_000;`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', prelude + program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 15_000,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, code }));
  });
}
