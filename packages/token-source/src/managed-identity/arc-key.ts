/** The proof that Azure Arc's agent asks for: what is in a file that only the agent's group may read. Azure Arc: managed identity authentication. */
import { basename, join } from 'node:path';
import { type HttpResponse, headerValue, oneLine } from '@client-credentials/protocol';
import { readSmallFile } from '../credential/small-file.ts';
import { TokenSourceError } from '../errors.ts';

/**
 * The `Authorization` that this answer demands; `undefined` if it demands none.
 *
 * Whoever answers in the agent's place could name any file that this process may read, and be sent it. So the path must be that of a
 * `.key` file right in the agent's folder, and the file no link, of the folder's owner and at most 4096 bytes
 * long (CVE-2024-35255).
 *
 * @throws {TokenSourceError} `credential_unavailable`
 * @see Authenticate against Azure resources with Azure Arc-enabled servers
 *   https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function readArcKey({ status, headers }: HttpResponse, tokensFolder: string): Promise<string | undefined> {
  const path = status === 401 ? readChallenge(headerValue(headers, 'www-authenticate') ?? '') : undefined;
  if (path === undefined) return undefined;
  if (!path.endsWith('.key') || path !== join(tokensFolder, basename(path))) {
    throw new TokenSourceError(
      'credential_unavailable',
      `Azure Arc wants the file "${oneLine(path).slice(0, LONGEST_SHOWN)}" read, which is no .key file in ${tokensFolder}, so it was not; check what answers at its endpoint`,
    );
  }
  const key = await readSmallFile({
    path,
    name: "Azure Arc's key file",
    advice: 'is the user of this process in the group himds (Windows: an administrator, or in Hybrid agent extension applications)?',
    mostBytes: MOST_KEY_BYTES,
    followLinks: false,
    ownedLike: tokensFolder,
  });
  if (VISIBLE_ASCII.test(key)) return `Basic ${key}`;
  throw new TokenSourceError('credential_unavailable', `Azure Arc's key file "${path}" holds no key; check the agent with azcmagent check`);
}

/** The path stands there bare, which the grammar of RFC 9110 §11.2 does not have; its octets come one a character. */
function readChallenge(header: string): string | undefined {
  const [, realm] = /^Basic realm=(.+)$/i.exec(header) ?? [];
  return realm === undefined ? undefined : Buffer.from(realm, 'latin1').toString();
}

const MOST_KEY_BYTES = 4096;
const LONGEST_SHOWN = 200;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
