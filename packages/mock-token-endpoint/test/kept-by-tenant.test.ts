/** What the APIs keep is bounded: by a number over all tenants, and by the last change of each user. */
import { expect, test } from 'vitest';
import { createKeptByTenant } from '../src/api/kept-by-tenant.ts';
import { createPeople } from '../src/api/people.ts';

const of = (tenantId: string, value = 1) => ({ tenantId, value });

test('beyond the capacity the one goes that was set longest ago, and setting it again makes it young', () => {
  const kept = createKeptByTenant<ReturnType<typeof of>>({ capacity: 2 });
  kept.set('a', of('one'));
  kept.set('b', of('two'));
  kept.set('a', of('one', 2));
  kept.set('c', of('two'));
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([of('one', 2), undefined, of('two')]);
});

test('a tenant is forgotten without the others, and all at once', () => {
  const kept = createKeptByTenant<ReturnType<typeof of>>({ capacity: 10 });
  for (const [key, tenant] of [
    ['a', 'one'],
    ['b', 'two'],
    ['c', 'one'],
    ['d', 'two'],
  ] as const)
    kept.set(key, of(tenant));
  kept.delete('d');
  kept.clear('one');
  expect(['a', 'b', 'c', 'd'].map((key) => kept.get(key) !== undefined)).toEqual([false, true, false, false]);
  kept.clear();
  expect(kept.get('b')).toBeUndefined();
});

test('however often users change, one change of each is kept, for a hundred tenants', () => {
  const people = createPeople();
  const [ada, boris] = people.between('0', { from: 0, to: 2 });
  if (!ada || !boris) throw new Error('no users');
  for (let count = 0; count < 1000; count += 1) people.change('0', ada, { ...ada, jobTitle: `Title ${count}` });
  expect(people.changesSince('0', 0)).toEqual([{ revision: 1000, id: ada.id, user: { ...ada, jobTitle: 'Title 999' } }]);
  for (let tenant = 1; tenant <= 100; tenant += 1) people.change(`${tenant}`, boris, undefined);
  expect([people.changesSince('0', 0), people.changesSince('1', 0).length]).toEqual([[], 1]);
  expect(people.find('1', boris.id)).toBeUndefined();
  expect(people.find('0', ada.id)).toEqual(ada);
});
