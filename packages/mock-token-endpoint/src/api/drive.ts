/** Files of a drive: an upload session is asked for by a file's name, and when it is complete the file is there. Graph: upload large files. */
import { createHash, type Hash } from 'node:crypto';
import { UPLOAD_PATH } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import type { GraphRefusal, GraphSuccess } from './graph-answer.ts';
import type { ApiCall, ApiRoute } from './route.ts';

/** What is kept of a file: never its contents. */
export interface DriveFile {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  /** Octets. */
  readonly size: number;
  /** SHA-256 of the contents, upper-case hexadecimal. */
  readonly sha256: string;
}

export interface UploadSession {
  readonly tenantId: string;
  readonly name: string;
  readonly expiresAtMs: number;
  /** Octets of the whole file, once a piece has said so. */
  readonly size: number | undefined;
  /** How many octets have come, and the digest of these. */
  readonly received: number;
  readonly hash: Hash;
}

export const DRIVE_ROUTES: readonly ApiRoute[] = [
  { method: 'POST', path: /^drive\/root:\/([^/:]{1,1000}):\/createUploadSession$/, answer: createSession },
  { method: 'GET', path: /^drive\/root:\/([^/:]+)$/, answer: readFile },
];

/** The key a file is kept under. */
export function fileKey({ tenantId, name }: Pick<DriveFile, 'tenantId' | 'name'>): string {
  return `${tenantId}/${name}`;
}

/** The file as Graph describes one. */
export function describeFile({ id, name, size, sha256 }: DriveFile): object {
  return { id, name, size, file: { mimeType: 'application/octet-stream', hashes: { sha256Hash: sha256 } } };
}

/** Whoever has its URL may write, for an hour; it is of another origin, and takes no token. */
function createSession(_checks: Checks<GraphRefusal>, { services, caller, key, baseUrl }: ApiCall): GraphSuccess {
  const id = services.uniqueId();
  const expiresAtMs = services.clock.now() + LIFETIME_MS;
  services.api.uploads.set(id, {
    tenantId: caller.tenantId,
    name: key,
    expiresAtMs,
    size: undefined,
    received: 0,
    hash: createHash('sha256'),
  });
  return {
    body: {
      '@odata.context': `${baseUrl}$metadata#microsoft.graph.uploadSession`,
      uploadUrl: `${services.mtlsOrigin}${UPLOAD_PATH}${id}`,
      expirationDateTime: new Date(expiresAtMs).toISOString(),
      nextExpectedRanges: ['0-'],
    },
  };
}

function readFile(checks: Checks<GraphRefusal>, { services, caller, key, baseUrl }: ApiCall): GraphSuccess {
  const file = services.api.files.get(fileKey({ tenantId: caller.tenantId, name: key }));
  checks.require(file !== undefined, {
    name: 'the file exists',
    section: 'RFC 9110 §15.5.5',
    refusal: { status: 404, code: 'itemNotFound', message: 'The resource could not be found.' },
  });
  return { body: { '@odata.context': `${baseUrl}$metadata#driveItem`, ...describeFile(file) } };
}

const LIFETIME_MS = 3_600_000;
