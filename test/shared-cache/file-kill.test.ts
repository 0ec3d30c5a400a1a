/** Writers to a file store that are killed at random moments, in processes of their own. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@client-credentials/token-cache';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, onTestFinished, test } from 'vitest';
import { listenTo } from '../../packages/token-cache/test/listening.ts';
import { bundleProgram, startProgram } from '../support/program.ts';
import { byEndurance } from './endurance.ts';
import { expiryOf } from './file-writer.ts';

const ROUNDS = byEndurance({ short: 5, ci: 50, long: 500 });
const NAMES = ['one', 'two', 'three'];

test(
  'two writers killed at any moment leave every entry whole, none older than one acknowledged, and nothing in the way of the next',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'client-credentials-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const store = fileStore({ directory });
    const passedOver = listenTo('store-failure');
    const program = await bundleProgram(`
      import { fileStore } from '@client-credentials/token-cache/file';
      import { writeUntilKilled } from './test/shared-cache/file-writer.ts';
      const store = fileStore({ directory: process.argv[2] });
      await Promise.all(${JSON.stringify(NAMES)}.map((name) => writeUntilKilled(store, name)));`);

    const latest = new Map<string, number>();
    let writes = 0;
    let files: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const outputs = await Promise.all([runAndKill(program, directory), runAndKill(program, directory)]);
      for (const [name, expiresAtMs] of outputs.flatMap(acknowledgedIn)) {
        writes += 1;
        latest.set(name, Math.max(expiresAtMs, latest.get(name) ?? 0));
      }
      await expectWhole(store, latest);
      expect(passedOver).toEqual([]);
      files = readdirSync(directory);
      expect(files.filter((file) => !STORE_FILE.test(file))).toEqual([]);
    }
    console.log(
      `file store: ${ROUNDS} rounds of two writers killed, ${writes} writes acknowledged, ${files.length - NAMES.length} locks and unfinished files left`,
    );
  },
  20_000 + ROUNDS * 5_000,
);

/** Starts a writer and kills it a moment after its first write. What a killed one left before delays that by half a second at most. */
async function runAndKill(program: string, directory: string): Promise<string> {
  const { child, outcome } = startProgram(program, { args: [directory] });
  await Promise.race([once(child.stdout ?? child, 'data'), outcome]);
  await sleep(Math.random() * 100);
  child.kill('SIGKILL');
  const { code, stdout, stderr } = await outcome;
  expect({ code, stderr }).toEqual({ code: null, stderr: '' });
  return stdout;
}

/** What a writer has said; a line that was cut off does not count. */
function acknowledgedIn(output: string): [string, number][] {
  return [...output.matchAll(/^(\w+) (\d+)\n/gm)].map(([, name = '', expiresAtMs]) => [name, Number(expiresAtMs)]);
}

async function expectWhole(store: Store, latest: ReadonlyMap<string, number>): Promise<void> {
  for (const name of NAMES) {
    const bytes = await store.read(name, { key: name });
    const expiresAtMs = bytes === undefined ? 0 : expiryOf(name, Buffer.from(bytes));
    expect(expiresAtMs).toBeGreaterThanOrEqual(latest.get(name) ?? 0);
  }
}

const STORE_FILE = /^([\w-]+)\.cache-(entry|temporary|(lock|lease)(-claim)?)$/;
