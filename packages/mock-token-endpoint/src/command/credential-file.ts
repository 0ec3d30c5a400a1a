/** The one PEM file that `AZURE_CLIENT_CERTIFICATE_PATH` names: certificate and key together. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MockTokenEndpoint } from '../mock-token-endpoint.ts';

/** Writes the file into the mock's folder, mode 0600, where it goes with the mock; returns its path. */
export async function writeCredentialFile({ certificateFile, privateKeyFile }: MockTokenEndpoint): Promise<string> {
  const path = join(dirname(certificateFile), 'daemon.pem');
  const parts = await Promise.all([certificateFile, privateKeyFile].map((file) => readFile(file, 'utf8')));
  await writeFile(path, parts.join(''), { mode: 0o600, flag: 'wx' });
  return path;
}
