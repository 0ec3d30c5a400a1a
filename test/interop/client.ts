/** Clients that are not ours, unmodified, each in a process of its own: a Node process trusts a certificate authority only when it starts with it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a program in `clients/` prints for each token it asked for, in order. */
export interface Acquired {
  readonly token?: string;
  /** As the client shows it to its caller. */
  readonly error?: { readonly name: string; readonly code?: string; readonly message: string };
}

/** Runs `clients/NAME.mjs` on `task` and returns what it prints. */
export async function runClient<Result = readonly Acquired[]>(
  name: 'msal' | 'identity' | 'openid-client',
  task: object,
  { caFile, environment = {} }: { caFile: string; environment?: Readonly<Record<string, string>> },
): Promise<Result> {
  const inherited = Object.entries(process.env).filter(([variable]) => !variable.startsWith('AZURE_'));
  const env = { ...Object.fromEntries(inherited), ...environment, NODE_EXTRA_CA_CERTS: caFile };
  const program = fileURLToPath(new URL(`clients/${name}.mjs`, import.meta.url));
  const { stdout } = await run(process.execPath, [program, JSON.stringify(task)], { env, timeout: 50_000 });
  return JSON.parse(stdout);
}

const run = promisify(execFile);
