/** The record of what the mock received and answered: bounded in entries and in size, oldest out first. */
import { createEntry, type Exchange, type JournalEntry } from './journal-entry.ts';
import { weigh } from './kept.ts';

export interface Journal {
  /** The entries kept, oldest first: a copy that does not change. */
  entries(): readonly JournalEntry[];
  /** The id of the newest exchange, kept or not; 0 before the first. */
  lastId(): number;
  /** How often it was cleared: the ids of before mean other exchanges. */
  clearings(): number;
  add(exchange: Exchange): void;
  /** Drops the entries `isMeant` says. */
  drop(isMeant: (entry: JournalEntry) => boolean): void;
  /** Drops all and counts from 1 again. */
  clear(): void;
  /** Resolves when something is added or dropped, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

export function createJournal(options: { readonly capacity: number }): Journal {
  let kept: { readonly entry: JournalEntry; readonly size: number }[] = [];
  let count = 0;
  let clearings = 0;
  let size = 0;
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const wake of [...waiting]) wake();
  };
  const drop = (isMeant: (entry: JournalEntry) => boolean) => {
    kept = kept.filter(({ entry }) => !isMeant(entry));
    size = kept.reduce((sum, each) => sum + each.size, 0);
    tell();
  };
  return {
    entries: () => Object.freeze(kept.map(({ entry }) => entry)),
    lastId: () => count,
    clearings: () => clearings,
    add: (exchange) => {
      count += 1;
      const entry = createEntry(count, exchange);
      // The body counts twice: as text it is held by the pieces of it that the entry keeps, however small they are.
      const added = { entry, size: weigh(entry) + exchange.request.body.length };
      kept.push(added);
      size += added.size;
      while (kept.length > options.capacity || (size > LARGEST_SIZE && kept.length > 1)) size -= kept.shift()?.size ?? 0;
      tell();
    },
    drop,
    clear: () => {
      count = 0;
      clearings += 1;
      drop(() => true);
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

// Of `weigh`, which is roughly octets of memory.
const LARGEST_SIZE = 64 * 1024 * 1024;
