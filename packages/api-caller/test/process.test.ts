/** What a process sees of this package: what it loads, and whether it stays alive. Each test runs a program of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendJson, startApi } from './support.ts';

let directory: string;

beforeAll(async () => {
  // Below the package, or the bundle would not find undici.
  directory = await mkdtemp(fileURLToPath(new URL('../node_modules/.api-caller-', import.meta.url)));
  await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    outfile: join(directory, 'caller.mjs'),
    bundle: true,
    external: ['undici'],
    conditions: ['@client-credentials/source'],
    format: 'esm',
    platform: 'node',
  });
});
afterAll(() => rm(directory, { recursive: true }));

test('undici is loaded by the first call, not before', async () => {
  const api = await startApi((response) => sendJson(response, { value: 1 }));
  const program = `
    const loaded = () => Object.keys(Module._cache).some((name) => name.includes('undici'));
    const caller = create();
    console.log(loaded());
    await caller.getJson('users');
    console.log(loaded());`;
  expect(await run(program, api.origin)).toEqual({ stdout: 'false\ntrue\n', code: 0 });
});

test('a wait between attempts keeps the process alive', async () => {
  const api = await startApi((response, index) =>
    index === 0 ? sendJson(response, {}, 429, { 'retry-after': '0.05' }) : sendJson(response, 'done'),
  );
  const program = `console.log(await create().getJson('users'));`;
  expect(await run(program, api.origin)).toEqual({ stdout: 'done\n', code: 0 });
});

test('a token that never comes keeps it alive until the deadline', async () => {
  const program = `console.log((await create({ tokens: () => new Promise(() => {}), deadlineMs: 50 }).getJson('users').catch((error) => error)).code);`;
  expect(await run(program, 'http://127.0.0.1:1')).toEqual({ stdout: 'timeout\n', code: 0 });
});

test('so does one after another call has ended', async () => {
  const api = await startApi((response) => sendJson(response, 'done'));
  const program = `
    let calls = 0;
    const caller = create({ tokens: () => (++calls === 1 ? Promise.resolve('t') : new Promise(() => {})) });
    console.log(await caller.getJson('users'));
    console.log((await caller.getJson('users', { deadlineMs: 50 }).catch((error) => error)).code);`;
  expect(await run(program, api.origin)).toEqual({ stdout: 'done\ntimeout\n', code: 0 });
});

test('a caller with nothing left to do lets the process end, closed or not', async () => {
  const api = await startApi((response) => sendJson(response, 'done'));
  const program = `console.log(await create({ deadlineMs: 3_600_000 }).getJson('users'));`;
  expect(await run(program, api.origin)).toEqual({ stdout: 'done\n', code: 0 });
});

test('closing during a wait ends the wait, and the process with it', async () => {
  const api = await startApi((response) => sendJson(response, {}, 429, { 'retry-after': '3000' }));
  const program = `
    const caller = create({ deadlineMs: 3_600_000, sleep: undefined });
    const call = caller.getJson('users').catch((error) => error);
    setTimeout(() => caller.close(), 300);
    console.log((await call).code);`;
  expect(await run(program, api.origin)).toEqual({ stdout: 'closed\n', code: 0 });
});

/** Runs a program that can create a caller of that origin. One that hangs is killed, and then has no exit code. */
function run(program: string, origin: string): Promise<{ stdout: string; code: number | null }> {
  const prelude = `
    import Module from 'node:module';
    import { createApiCaller } from ${JSON.stringify(pathToFileURL(join(directory, 'caller.mjs')).href)};
    const create = (options) => createApiCaller({ baseUrl: '${origin}', scope: 's', tokens: async () => 'token-1', allowHttpLoopback: true, ...options });`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', prelude + program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 15_000,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject).on('close', (code) => resolve({ stdout, code }));
  });
}
