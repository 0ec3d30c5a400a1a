/** The folder with the files of one run: only its owner can enter it, and it goes when the mock closes. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MockError } from './errors.ts';
import type { Certificates } from './pki/certificates.ts';
import { buildPkcs12 } from './pki/pkcs12.ts';

export interface Folder {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  readonly pfxFile: string;
  /** Writes the authority's certificate, and the client's with its key as PEM and as PFX; never the authority's key. */
  write(contents: Pick<Certificates, 'ca' | 'client'> & { readonly pfxPassword: string }): Promise<void>;
  /**
   * Puts what only a program on the same machine may read into a file below `tokens`, in place of one of that name: who reads meanwhile
   * sees the old or the new one, whole. Returns the file's path.
   */
  writeToken(name: string, content: string): Promise<string>;
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
  const path = await mkdtemp(join(resolve(directory), 'mock-token-endpoint-')).catch((cause: unknown) => {
    throw new MockError('invalid_option', `No folder can be made in directory "${directory}": give one that exists and can be written`, {
      cause,
    });
  });
  const caFile = join(path, 'ca.pem');
  const certificateFile = join(path, 'client.pem');
  const privateKeyFile = join(path, 'client.key.pem');
  const pfxFile = join(path, 'client.pfx');
  const tokensFolder = join(path, 'tokens');
  let written = 0;
  return {
    caFile,
    certificateFile,
    privateKeyFile,
    pfxFile,
    write: async ({ ca, client, pfxPassword }) => {
      await writeFile(caFile, ca, OWNER_ONLY);
      await writeFile(certificateFile, client.certificate, OWNER_ONLY);
      await writeFile(privateKeyFile, client.privateKey, OWNER_ONLY);
      await writeFile(pfxFile, buildPkcs12(client, { password: pfxPassword }), OWNER_ONLY);
    },
    writeToken: async (name, content) => {
      written += 1;
      await mkdir(tokensFolder, { mode: 0o700, recursive: true });
      const unfinished = join(tokensFolder, `${written}.new`);
      await writeFile(unfinished, content, OWNER_ONLY);
      const file = join(tokensFolder, name);
      await rename(unfinished, file);
      return file;
    },
    // A request that is still running may write a token meanwhile: then once more.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

const OWNER_ONLY = { mode: 0o600, flag: 'wx' } as const;
