/** The folder with the PEM files of one run: only its owner can enter it, and it goes when the mock closes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockError } from './errors.ts';
import type { Certificates } from './pki/certificates.ts';

export interface Folder {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  readonly pfxFile: string;
  /** Writes the authority's certificate, and the client's with its key as PEM and as PFX; never the authority's key. */
  write(contents: Certificates & { readonly pfxPassword: string }): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Makes an empty folder of a new name in `directory`.
 *
 * @param directory  default the system's temporary directory
 * @throws {MockError} `invalid_option` when no folder can be made there
 */
export async function createFolder(directory: string = tmpdir()): Promise<Folder> {
  // mkdtemp makes the folder with mode 0700 whatever the umask says.
  const path = await mkdtemp(join(directory, 'mock-token-endpoint-')).catch((cause: unknown) => {
    throw new MockError('invalid_option', `No folder can be made in directory "${directory}": give one that exists and can be written`, {
      cause,
    });
  });
  const caFile = join(path, 'ca.pem');
  const certificateFile = join(path, 'client.pem');
  const privateKeyFile = join(path, 'client.key.pem');
  const pfxFile = join(path, 'client.pfx');
  return {
    caFile,
    certificateFile,
    privateKeyFile,
    pfxFile,
    write: async ({ ca, client }) => {
      await writeFile(caFile, ca, OWNER_ONLY);
      await writeFile(certificateFile, client.certificate, OWNER_ONLY);
      await writeFile(privateKeyFile, client.privateKey, OWNER_ONLY);
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

const OWNER_ONLY = { mode: 0o600, flag: 'wx' } as const;
