/** Runs the vectors of `protocol` on Bun, Deno and other releases of Node, each from its npm package. Prints what runs, and the real counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const RUNTIMES = [
  ['Bun', ['bun@1.4.5', 'run']],
  ['Deno', ['deno@2.9.6', 'run', '--allow-read', '--no-prompt']],
  ['Node 22', ['node@22']],
  ['Node 24', ['node@24']],
  ['Node 26', ['node@26']],
];

const folder = mkdtempSync(join(tmpdir(), 'client-credentials-'));
let passed = 0;
let failed = 0;
try {
  const program = join(folder, 'vectors.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['packages/protocol/test/vectors/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  for (const [runtime, command] of RUNTIMES) {
    const args = ['--yes', ...command, program, join(root, 'packages/protocol/vectors')];
    // Away from the checkout, where npx would take a package of the workspace.
    const { stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    const [, well, badly] = /^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? [];
    // A runtime that did not get to the end is one failure.
    passed += Number(well ?? 0);
    failed += Number(badly ?? 1);
    console.log(`${runtime}: ${well === undefined ? `did not run them\n${stdout}${stderr}` : stdout.trim()}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`vectors: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
