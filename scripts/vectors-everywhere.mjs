/** Runs the vectors of `protocol` on Bun, Deno and other releases of Node, each from its npm package. Prints what runs, and the real counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

const vectors = join(root, 'packages/protocol/vectors');
const expected = readdirSync(vectors)
  .filter((file) => file.endsWith('.json'))
  .reduce((sum, file) => sum + JSON.parse(readFileSync(join(vectors, file), 'utf8')).vectors.length, 0);
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
    const args = ['--yes', ...command, program, vectors];
    // Away from the checkout, where npx would take a package of the workspace.
    const { status, stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
    const [well, badly] = (/^(\d+) passed, (\d+) failed$/m.exec(stdout) ?? []).slice(1).map(Number);
    // A runtime that did not run them all, or says so and ends badly, has failed.
    const wasWhole = expected > 0 && well + badly === expected && (status === 0) === (badly === 0);
    passed += well ?? 0;
    failed += wasWhole ? badly : Math.max(badly ?? 0, 1);
    console.log(
      `${runtime}: ${stdout.trim()}${wasWhole ? '' : `\n  ended with ${status}, and ${expected} vectors were to be run\n${stderr}`}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`vectors: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
