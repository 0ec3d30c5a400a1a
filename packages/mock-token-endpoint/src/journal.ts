/** The record of what the mock received and answered: bounded in entries and in size, oldest out first. */
import { createEntry, type Exchange, type JournalEntry } from './journal-entry.ts';

export interface Journal {
  /** The entries kept, oldest first: a copy that does not change. */
  entries(): readonly JournalEntry[];
  add(exchange: Exchange): void;
  /** Drops the entries `isMeant` says, or all. */
  clear(isMeant?: (entry: JournalEntry) => boolean): void;
  /** Resolves when something is added or dropped, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

export function createJournal(options: { readonly capacity: number }): Journal {
  let kept: { readonly entry: JournalEntry; readonly size: number }[] = [];
  let count = 0;
  let size = 0;
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const wake of [...waiting]) wake();
  };
  return {
    entries: () => Object.freeze(kept.map(({ entry }) => entry)),
    add: (exchange) => {
      count += 1;
      const added = { entry: createEntry(count, exchange), size: sizeOf(exchange) };
      kept.push(added);
      size += added.size;
      while (kept.length > options.capacity || (size > LARGEST_SIZE && kept.length > 1)) size -= kept.shift()?.size ?? 0;
      tell();
    },
    clear: (isMeant = () => true) => {
      kept = kept.filter(({ entry }) => !isMeant(entry));
      size = kept.reduce((sum, each) => sum + each.size, 0);
      if (kept.length === 0) count = 0;
      tell();
    },
    changed: (signal) =>
      new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        if (signal.aborted) {
          resolve();
          return;
        }
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      }),
  };
}

/** Roughly, in characters: what a client sent is kept in form, header and, decoded, in the assertion. */
function sizeOf({ request }: Exchange): number {
  return request.target.length + 2 * request.body.length + 8192;
}

const LARGEST_SIZE = 64 * 1024 * 1024;
