/** Our own code runs off the vectors that others port from. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { adapters } from './vectors/adapters.ts';
import { runVector } from './vectors/run.ts';
import type { VectorFile } from './vectors/vector.ts';

const FOLDER = new URL('../vectors/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

test('every file of vectors has an adapter, and every adapter a file', () => {
  expect(Object.keys(adapters).toSorted()).toEqual(files.map((file) => file.replace('.json', '')).toSorted());
});

describe.each(files)('%s', (file) => {
  const { vectors } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as VectorFile;

  test('every vector has a name of its own, a source, and either an output or an error', () => {
    expect(vectors.length).toBeGreaterThan(0);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
    for (const vector of vectors) {
      expect(vector.source).not.toMatch(/^$|\bcomputed$/);
      expect(vector.requirements).not.toEqual([]);
      expect(vector.requirements.every((requirement) => /^[A-Z]+-[0-9]+$/.test(requirement))).toBe(true);
      expect(Object.hasOwn(vector, 'output')).toBe(vector.error === undefined);
    }
  });

  test.each(vectors.map((vector) => [`${vector.requirements.join(', ')}: ${vector.name}`, vector] as const))('%s', async (_, vector) => {
    await runVector(vector, adapters[file.replace('.json', '')] ?? (() => 'no adapter'));
  });
});
