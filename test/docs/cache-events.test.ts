/** The table of the cache's events is that of its types. */
import { expect, test } from 'vitest';
import { eventsInGuide, eventsInTypes } from './event-tables.ts';

test('every event stands in the table, with each of its fields and their values', () => {
  const typed = eventsInTypes('packages/token-cache/src/events.ts', 'TokenCacheEvents');
  expect(Object.keys(typed)).toHaveLength(9);
  expect(eventsInGuide('docs/guides/cache-events.md')).toEqual(typed);
});
