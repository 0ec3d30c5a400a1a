import { expect, test } from 'vitest';
import { createReplayStore } from '../src/checks/replay.ts';

test('an id is new once while it is remembered, and new again after that', () => {
  const store = createReplayStore({ capacity: 10 });
  expect(store.use(['a', 'b'], { nowMs: 0, expiresAtMs: 100 })).toBe(true);
  expect(store.use(['a', 'b'], { nowMs: 99, expiresAtMs: 200 })).toBe(false);
  expect(store.use(['a', 'b'], { nowMs: 100, expiresAtMs: 200 })).toBe(true);
});

test('ids are told apart part by part', () => {
  const store = createReplayStore({ capacity: 10 });
  expect(store.use(['a', 'bc'], { nowMs: 0, expiresAtMs: 100 })).toBe(true);
  expect(store.use(['ab', 'c'], { nowMs: 0, expiresAtMs: 100 })).toBe(true);
});

test('an id that expired behind one that has not is new again', () => {
  const store = createReplayStore({ capacity: 10 });
  store.use(['long'], { nowMs: 0, expiresAtMs: 1000 });
  store.use(['short'], { nowMs: 0, expiresAtMs: 10 });
  expect(store.use(['short'], { nowMs: 10, expiresAtMs: 20 })).toBe(true);
});

test('beyond its capacity the store forgets the oldest id and no other', () => {
  const store = createReplayStore({ capacity: 2 });
  for (const id of ['1', '2', '3']) store.use([id], { nowMs: 0, expiresAtMs: 100 });
  expect(store.use(['3'], { nowMs: 0, expiresAtMs: 100 })).toBe(false);
  expect(store.use(['2'], { nowMs: 0, expiresAtMs: 100 })).toBe(false);
  expect(store.use(['1'], { nowMs: 0, expiresAtMs: 100 })).toBe(true);
});

test('what belongs to one owner is forgotten alone', () => {
  const store = createReplayStore({ capacity: 10 });
  const until = { nowMs: 0, expiresAtMs: 100 };
  store.use(['a', '1'], until);
  store.use(['b', '1'], until);
  store.clear('a');
  expect([store.isUsed(['a', '1'], until), store.isUsed(['b', '1'], until)]).toEqual([false, true]);
});
