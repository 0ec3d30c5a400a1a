/** The `curl` program as an independent client. Tests that import this file are passed over where there is none. */
import { execFile } from 'node:child_process';

/** What `curl` makes of it: its exit code, and what it prints. It trusts whom `--cacert` says, or everybody. */
export function curl(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: Buffer; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      'curl',
      ['-sS', ...(args.includes('--cacert') ? [] : ['-k']), ...args],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr: String(stderr) });
      },
    );
  });
}
