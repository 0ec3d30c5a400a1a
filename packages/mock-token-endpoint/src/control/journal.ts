/** The journal over HTTP: `/__control/journal`, with filters, and with a wait for what has not happened yet. */
import { done, json, notFound } from './answer.ts';
import { FILTER_NAMES, readFilter } from './journal-filter.ts';
import { type ControlCall, type ControlRoute, readCount } from './route.ts';

export const JOURNAL_ROUTES: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: 'journal',
    purpose: 'The exchanges after an id that match, oldest first, and where to go on; with waitMs it waits for one.',
    query: [...FILTER_NAMES, 'after', 'limit', 'waitMs', 'clearings'],
    answer: async (call) => json(200, await readJournal(call)),
  },
  {
    method: 'DELETE',
    path: 'journal',
    purpose: 'Drops the exchanges that match.',
    query: FILTER_NAMES,
    answer: ({ steering, query }) => {
      steering.journal.drop(readFilter(query));
      return done();
    },
  },
  {
    method: 'GET',
    path: 'journal/{id}',
    purpose: 'One exchange.',
    answer: ({ steering, parameter }) => {
      const entry = steering.journal.entries().find(({ id }) => `${id}` === parameter);
      return entry
        ? json(200, entry)
        : notFound(`There is no exchange ${parameter}, or not any more: GET the journal for those that are kept`);
    },
  },
];

async function readJournal(call: ControlCall): Promise<object> {
  const { query, departure } = call;
  const waitMs = readCount(query, 'waitMs', { most: 25_000, usual: 0 });
  // A controller and a timer of its own: AbortSignal.any() and timeout() can be collected in Node 20 while somebody waits.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), waitMs);
  if (departure.aborted) over.abort();
  else departure.addEventListener('abort', () => over.abort());
  try {
    return await waitForEntries(call, over.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function waitForEntries({ query, steering: { journal } }: ControlCall, over: AbortSignal): Promise<object> {
  const isMeant = readFilter(query);
  const after = readCount(query, 'after', { most: Number.MAX_SAFE_INTEGER, usual: 0 });
  const clearings = readCount(query, 'clearings', { most: Number.MAX_SAFE_INTEGER, usual: journal.clearings() });
  const limit = readCount(query, 'limit', { least: 1, most: 1000, usual: 1000 });
  for (;;) {
    const lastId = journal.lastId();
    // The journal began anew since the caller last asked: everything in it is newer, even where the new ids have caught up with the old.
    const isAnew = after > lastId || clearings !== journal.clearings();
    const found = journal.entries().filter((entry) => (isAnew || entry.id > after) && isMeant(entry));
    const entries = found.slice(0, limit);
    if (isAnew || entries.length > 0 || over.aborted) {
      return { entries, lastId: found.length > limit ? entries.at(-1)?.id : lastId, clearings: journal.clearings() };
    }
    await journal.changed(over);
  }
}
