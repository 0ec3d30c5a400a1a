/** The table of the token source's events is that of its types. */
import { expect, test } from 'vitest';
import { eventsInGuide, eventsInTypes } from './event-tables.ts';

test('every event stands in the table, with each of its fields and their values', () => {
  const typed = eventsInTypes('packages/token-source/src/events.ts', 'TokenSourceEvents');
  expect(Object.keys(typed)).toHaveLength(7);
  expect(typed['warning']).toEqual(['foreign_token_endpoint', 'message', 'request_loop', 'source', 'unread_token', 'warning']);
  expect(eventsInGuide('docs/guides/token-source-events.md')).toEqual(typed);
});
