/** Where values are when no store was handed in: in memory, and nowhere else. Seen from outside, in a process of its own. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';

test('SEC-09: without a store nothing is written to any file', async () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const program = await bundleProgram(`
    import { createTokenCache } from '@client-credentials/token-cache';
    process.chdir(process.env.HOME);
    const cache = createTokenCache();
    const expiresAtMs = Date.now() + 3_600_000;
    await cache.get('key', { acquire: async () => ({ secret: 'marker', expiresAtMs }) });
    console.log(cache.peek('key').secret);
    await cache.close();`);
  const env = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home };
  expect(await startProgram(program, { env }).outcome).toEqual({ code: 0, stdout: 'marker\n', stderr: '' });
  expect(readdirSync(home, { recursive: true })).toEqual([]);
});
