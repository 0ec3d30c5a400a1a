import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedList, type Place } from '../src/linked-list.ts';

test('whoever comes and goes, it holds what a list would, in the order of their coming', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const) }),
    fc.record({ kind: fc.constant('shift' as const) }),
    fc.record({ kind: fc.constant('remove' as const), which: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list = new LinkedList<number>();
      const places: Place<number>[] = [];
      let expected: number[] = [];
      for (const taken of steps) {
        if (taken.kind === 'add') {
          expected.push(places.length);
          places.push(list.add(places.length));
        } else if (taken.kind === 'shift') {
          expect(list.shift()).toBe(expected.shift());
        } else {
          // Those who have left leave again, too.
          const place = places[taken.which];
          if (place !== undefined) list.remove(place);
          expected = expected.filter((member) => member !== place?.member);
        }
        expect([list.members(), list.isEmpty]).toEqual([expected, expected.length === 0]);
      }
    }),
  );
});

test('those who leave while the members are told are told all the same, and those who come are not', () => {
  const list = new LinkedList<string>();
  const [, second] = ['first', 'second', 'third'].map((member) => list.add(member));
  const told: string[] = [];
  for (const member of list.members()) {
    told.push(member);
    if (member === 'first' && second !== undefined) list.remove(second);
    list.add('late');
  }
  expect(told).toEqual(['first', 'second', 'third']);
});
