/**
 * The `openssl` program as an independent reader of certificates and PKCS#12 files, and as a maker of certificates. Tests that import this
 * file are passed over where there is none.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KeyedCertificate } from './rfc-harness.ts';

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

/** A self-signed certificate made by OpenSSL: good for ten years, or no longer than today. */
export function selfSigned(keyOptions: readonly string[], { days = 3650 }: { days?: number } = {}): KeyedCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'self-signed-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=self-signed daemon', '-days', String(days)];
    execFileSync('openssl', ['req', '-x509', '-newkey', ...keyOptions, '-nodes', '-keyout', key, '-out', certificate, ...subject], {
      stdio: 'ignore',
    });
    return { certificate: readFileSync(certificate, 'utf8'), privateKey: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
