/** Whether a process stays alive, seen from outside: each test runs a small program in a process of its own. */
import { expect, test } from 'vitest';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';

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

/** Runs a program that has a cache at hand, with a due value in it. A flight that kept it alive would do so for an hour. */
async function run(program: string): Promise<{ stdout: string; code: number | null }> {
  const prelude = `
    import { createTokenCache } from '@client-credentials/token-cache';
    let passedMs = 0;
    const now = () => Date.now() + passedMs;
    const cache = createTokenCache({ now, flightTimeoutMs: 3_600_000 });
    const value = (name) => ({ name, receivedAtMs: now(), expiresAtMs: now() + 3_600_000 });
    const slowly = () => new Promise((resolve) => setTimeout(() => resolve(value('slow')), 50).unref());
    const never = () => new Promise(() => {});
    await cache.get('due', { acquire: async () => value('old') });
    passedMs = 3_400_000;`;
  const { stdout, code } = await startProgram(await bundleProgram(prelude + program)).outcome;
  return { stdout, code };
}
