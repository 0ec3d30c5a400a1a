/** The files by which a caller of Azure Arc proves that it may read them: one for each challenge, good once. */
import { rmSync } from 'node:fs';
import type { Folder } from '../folder.ts';
import type { Ids } from '../ids.ts';

export interface ArcChallenges {
  /** Writes a new file and returns its path. */
  issue(): Promise<string>;
  /** Whether `key` is what one of the files holds; that file is gone then. */
  meet(key: string): boolean;
  clear(): void;
}

/** Of challenges nobody meets, the newest are kept. */
export function createArcChallenges({ folder, ids }: { readonly folder: Folder; readonly ids: Ids }): ArcChallenges {
  /** Paths by what the files hold. */
  const open = new Map<string, string>();
  const end = (key: string, path: string) => {
    open.delete(key);
    rmSync(path, { force: true });
  };
  return {
    issue: async () => {
      const key = ids.secret(48);
      const path = await folder.writeToken(`${ids.guid()}.key`, key);
      open.set(key, path);
      const [oldest] = open;
      if (oldest && open.size > MOST_OPEN) end(...oldest);
      return path;
    },
    meet: (key) => {
      const path = open.get(key);
      if (path === undefined) return false;
      end(key, path);
      return true;
    },
    clear: () => {
      for (const [key, path] of open) end(key, path);
    },
  };
}

const MOST_OPEN = 100;
