/** What the APIs remember between requests: bounded, and all of it some tenant's. */
import type { DriveFile, UploadSession } from './drive.ts';
import type { Export } from './exports.ts';
import { createKeptByTenant, type KeptByTenant } from './kept-by-tenant.ts';
import { createPeople, type People } from './people.ts';
import type { Secret } from './secrets.ts';

export interface ApiState {
  readonly people: People;
  /** By the id of their operation. */
  readonly exports: KeptByTenant<Export>;
  /** By the id in their URL. */
  readonly uploads: KeptByTenant<UploadSession>;
  readonly files: KeptByTenant<DriveFile>;
  readonly secrets: KeptByTenant<Secret>;
  /** Forgets what is a tenant's, or everything. */
  clear(tenantId?: string): void;
}

export function createApiState(): ApiState {
  const state = {
    people: createPeople(),
    exports: createKeptByTenant<Export>({ capacity: 1000 }),
    uploads: createKeptByTenant<UploadSession>({ capacity: 1000 }),
    files: createKeptByTenant<DriveFile>({ capacity: 1000 }),
    secrets: createKeptByTenant<Secret>({ capacity: 100 }),
  };
  return {
    ...state,
    clear: (tenantId) => {
      for (const part of Object.values(state)) part.clear(tenantId);
    },
  };
}
