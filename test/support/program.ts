/** Programs in processes of their own: bundled from the sources, so that no build has to come first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Bundles a program, given as its text, into one file that runs anywhere. Its imports resolve as in this folder. */
export async function bundleProgram(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  folders.push(folder);
  const outfile = join(folder, 'program.mjs');
  await build({
    stdin: { contents: text, resolveDir: ROOT, loader: 'ts' },
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    conditions: ['@client-credentials/source'],
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // undici and node-forge are CommonJS and want a `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Starts a bundled program without colours and without the caller's AZURE_* variables. It is ended with the test at the latest. */
export function startProgram(
  file: string,
  options: { args?: readonly string[]; nodeArgs?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): RunningProgram {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AZURE_'));
  const args = [...(options.nodeArgs ?? []), file, ...(options.args ?? [])];
  const child = spawn(process.execPath, args, { env: { ...Object.fromEntries(inherited), ...options.env } });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return { child, outcome };
}
