/** Notes about keys: one for each, and how many of them there are at most. */
import { expect, test } from 'vitest';
import { LatestByKey } from '../src/latest-by-key.ts';

test('beyond the bound the oldest note gives way, and one that was noted anew is not the oldest', () => {
  const notes = new LatestByKey<string>({ most: 2 });
  notes.set('first', 'old');
  notes.set('second', 'old');
  notes.set('first', 'new');
  notes.set('third', 'old');
  expect(['first', 'second', 'third'].map((key) => notes.get(key))).toEqual(['new', undefined, 'old']);
});

test('a note is gone when it is deleted, and all are when they are cleared', () => {
  const notes = new LatestByKey<string>({ most: 2 });
  notes.set('first', 'note');
  notes.set('second', 'note');
  notes.delete('first');
  expect([notes.get('first'), notes.get('second')]).toEqual([undefined, 'note']);
  notes.clear();
  expect(notes.get('second')).toBeUndefined();
});
