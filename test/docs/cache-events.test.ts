/** The table of the cache's events is that of its types. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const textOf = (file: string): string => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

test('every event stands in the table, with each of its fields and their values', () => {
  const rows = [...textOf('docs/guides/cache-events.md').matchAll(/^\| `([\w-]+)` +\| (.*?) +\|/gm)].map(([, name, fields = '']) => [
    name,
    namesIn(fields),
  ]);
  expect(Object.fromEntries(rows)).toEqual(typedEvents());
});

/** The events as the types have them: for each the names of its fields and the texts these may hold. */
function typedEvents(): Record<string, readonly string[]> {
  const source = textOf('packages/token-cache/src/events.ts');
  const bodyOf = (name: string): string => new RegExp(`export interface ${name} {\n([\\s\\S]*?)\n}`).exec(source)?.[1] ?? '';
  const fieldsIn = (text: string): readonly string[] =>
    [...text.matchAll(/readonly (\w+)\??:([^;}]*)/g)].flatMap(([, name = '', type = '']) => [
      name,
      ...[...type.matchAll(/'([\w-]+)'/g)].map(([, value = '']) => value),
    ]);
  const events = [...bodyOf('TokenCacheEvents').matchAll(/^ {2}'?([\w-]+)'?: ([\s\S]*?);$/gm)].map(([, name = '', type = '']) => [
    name,
    [
      ...(type.includes('EntryEvent') ? fieldsIn(bodyOf('EntryEvent')) : []),
      ...fieldsIn(type === 'StoreFailure' ? bodyOf('StoreFailure') : type),
    ].toSorted(),
  ]);
  expect(events.length).toBe(9);
  return Object.fromEntries(events);
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name).toSorted();
}
