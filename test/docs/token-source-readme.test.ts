/** The tables of the token source's README: each error code there is, and each default and limit as the code has it. */
import { readFileSync } from 'node:fs';
import { entra, secret } from '@client-credentials/token-source';
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../packages/token-source/src/options.ts';

const ROWS = textOf('packages/token-source/README.md')
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );

const REQUIRED = { authority: entra({ tenant: 'contoso.example' }), clientId: 'daemon', credential: secret('a secret of this test') };

test('the table of errors has every code, and no other', () => {
  const [, union = ''] = /TokenSourceErrorCode =([^;]*);/.exec(textOf('packages/token-source/src/errors.ts')) ?? [];
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(5);
  expect(rowsFrom('`code` of').map(([cell = '']) => cell.replaceAll('`', ''))).toEqual(codes);
});

describe('the table of defaults', () => {
  const table = new Map(
    rowsFrom('option').flatMap(([names = '', value = '']) => [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => [name, value])),
  );

  test('has what an option is when it is left out', () => {
    const settings = flat({ ...readOptions(REQUIRED) });
    expect(Object.fromEntries([...table].map(([name, cell]) => [name, valueIn(cell)]))).toEqual(
      Object.fromEntries([...table.keys()].map((name) => [name, settings[name.replace('cache.', '')]])),
    );
  });

  test('has every option but those that are required, and the clock and chance of tests', () => {
    const [, known = ''] = /const KNOWN[^{]*\{([^}]*)\}/.exec(textOf('packages/token-source/src/options.ts')) ?? [];
    const options = [...known.matchAll(/(\w+): true/g)].map(([, name = '']) => name);
    const left = [...Object.keys(REQUIRED), 'now', 'uniqueId', 'random', 'sleep', 'cache'];
    expect(options.filter((name) => !left.includes(name)).toSorted()).toEqual(
      [...table.keys()].filter((name) => !name.startsWith('cache.')).toSorted(),
    );
    expect([...table.keys()].filter((name) => name.startsWith('cache.'))).toEqual(['cache.maxEntries', 'cache.store']);
  });
});

test('the table of what is fixed has the numbers of the code', () => {
  const rows = rowsFrom('what is fixed').map(([, cell = '']) => quantitiesIn(cell));
  expect(rows).toEqual(LIMITS.map((constants) => constants.map(constantAt)));
});

/** For each row, where its numbers stand in the code. */
const LIMITS: readonly (readonly string[])[] = [
  ['token-cache/src/freshness.ts MARGIN_MS'],
  ['token-cache/src/freshness.ts REFRESH_BEFORE_MS', 'token-cache/src/freshness.ts LONG_LIFETIME_MS'],
  ['token-cache/src/entry.ts FIRST_PAUSE_MS', 'token-cache/src/entry.ts LONGEST_PAUSE_MS'],
  ['protocol/src/token-response/lifetime.ts UNSTATED_LIFETIME_SECONDS'],
  ['token-source/src/request/refusals.ts REFUSAL_MS'],
  ['token-source/src/request/throttle.ts LONGEST_PAUSE_MS'],
  ['token-source/src/request/loop-guard.ts MOST_DEMANDED'],
  ['token-source/src/caching-token-source.ts CHALLENGE_MS'],
  ['token-source/src/request/clock-offset.ts LEAST_OFF_MS', 'token-source/src/request/clock-offset.ts MOST_OFF_MS'],
  ['token-source/src/authority/discover.ts METADATA_LIFETIME_MS'],
  ['token-source/src/transport/transport.ts MOST_BODY_BYTES'],
  ['token-source/src/managed-identity/retry-rhythm.ts IMDS_DEADLINE_MS'],
  ['token-source/src/authority/region.ts MOST_MS'],
];

/** A constant of the code, with times in milliseconds. */
function constantAt(place: string): number {
  const [file = '', name = ''] = place.split(' ');
  const [, expression] = new RegExp(`const ${name}(?:: number)? = ([\\d_ *]+);`).exec(textOf(`packages/${file}`)) ?? [];
  if (expression === undefined) throw new Error(`There is no ${place}`);
  const value = expression.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
  return name.endsWith('_SECONDS') ? value * 1000 : value;
}

/** The rows of the table whose first heading begins so. */
function rowsFrom(heading: string): readonly (readonly string[])[] {
  const start = ROWS.findIndex(([first = '']) => first.startsWith(heading));
  const end = ROWS.findIndex(([first = ''], index) => index > start && /^(`code` of|option$|what is fixed)/.test(first));
  return ROWS.slice(start + 1, end === -1 ? undefined : end);
}

function valueIn(cell: string): unknown {
  if (cell === 'none') return undefined;
  if (cell === 'false') return false;
  return /^\d/.test(cell) ? quantitiesIn(cell)[0] : cell.replaceAll('`', '');
}

function quantitiesIn(cell: string): readonly number[] {
  return [...cell.matchAll(/(\d[\d,]*)(?: (ms|s|min|h|MiB)\b)?/g)].map(
    ([, number = '', unit = '']) => Number(number.replaceAll(',', '')) * (UNITS[unit] ?? 1),
  );
}

/** In milliseconds, and octets. */
const UNITS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, MiB: 1_048_576 };

/** What is empty as what is absent: neither does anything. */
function flat(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, isEmpty(value) ? undefined : value]));
}

function textOf(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}
