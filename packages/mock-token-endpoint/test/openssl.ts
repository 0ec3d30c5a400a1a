/** The `openssl` program as an independent reader of certificates and PKCS#12 files. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** An argument, or what is to stand in a file that is the argument. */
type Argument = string | { readonly text: string | Uint8Array };

/** What it prints, both outputs; rejects with what it prints when it fails. */
export async function openssl(args: readonly Argument[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-test-'));
  try {
    const named = await Promise.all(args.map((argument, index) => toArgument(argument, join(folder, String(index)))));
    const { stdout, stderr } = await promisify(execFile)('openssl', named);
    return `${stdout}${stderr}`.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function toArgument(argument: Argument, path: string): Promise<string> {
  if (typeof argument === 'string') return argument;
  await writeFile(path, argument.text);
  return path;
}
