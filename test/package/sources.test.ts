/** How the sources read: each file says first what it is, and none needs a map. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const SOURCES = readdirSync(PACKAGES).flatMap((name) =>
  readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(name, 'src', file)),
);

test('no source file has more than 250 lines', () => {
  expect(SOURCES.filter((file) => textOf(file).split('\n').length > 251)).toEqual([]);
});

test('every source file but an index opens by saying what it is', () => {
  expect(SOURCES.filter((file) => !file.endsWith('index.ts') && !/^(#!.*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
});

function textOf(file: string): string {
  return readFileSync(join(PACKAGES, file), 'utf8');
}
