/** The table of the API caller's events is that of its types. */
import { expect, test } from 'vitest';
import { eventsInGuide, eventsInTypes } from './event-tables.ts';

test('every event stands in the table, with each of its fields and their values', () => {
  const typed = eventsInTypes('packages/api-caller/src/events.ts', 'ApiCallerEvents');
  expect(Object.keys(typed)).toHaveLength(6);
  expect(eventsInGuide('docs/guides/api-caller-events.md')).toEqual(typed);
});
