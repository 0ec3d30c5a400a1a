/** How the sources read: each file says first what it is, and none needs a map. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = join(ROOT, 'packages');
const SOURCES = readdirSync(PACKAGES).flatMap((name) =>
  readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(name, 'src', file)),
);

test('no source file, and no test file of protocol and the mock, has more than 250 lines', () => {
  // The tests of the other packages are excepted for now; their sources are not.
  const tests = ['protocol', 'mock-token-endpoint'].flatMap((name) =>
    readdirSync(join(PACKAGES, name, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(name, 'test', file)),
  );
  expect(tests.length).toBeGreaterThan(120);
  expect([...SOURCES, ...tests].filter((file) => textOf(file).split('\n').length > 251)).toEqual([]);
});

test('every source file but an index opens by saying what it is', () => {
  expect(SOURCES.filter((file) => !file.endsWith('index.ts') && !/^(#!.*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
});

test('no test is skipped, left to do, or run alone', () => {
  const tests = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(packages[\\/][^\\/]+[\\/]test|test)[\\/].*\.test\.ts$/.test(file) && !/node_modules|protocol-map\.test\.ts$/.test(file),
  );
  expect(tests.length).toBeGreaterThan(80);
  expect(
    tests.filter((file) => /\b(test|describe)(\.\w+)*\.(skip|skipIf|runIf|todo|only)\b/.test(readFileSync(join(ROOT, file), 'utf8'))),
  ).toEqual([]);
});

test('protocol has no clock and no chance of its own', () => {
  const files = SOURCES.filter((file) => file.startsWith(join('protocol', 'src')));
  expect(
    files.filter((file) =>
      /\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|\bfetch\(|\bprocess\.[a-z]|setTimeout\(/.test(textOf(file)),
    ),
  ).toEqual([]);
});

test('the folders of protocol import each other one way', () => {
  const imports = new Map<string, Set<string>>();
  for (const file of SOURCES.filter((name) => name.startsWith(join('protocol', 'src')))) {
    const folder = dirname(file);
    const targets = [...textOf(file).matchAll(/ from '(\.[^']+)';/g)].map(([, specifier = '']) => dirname(join(folder, specifier)));
    imports.set(
      folder,
      new Set([...(imports.get(folder) ?? []), ...targets.filter((target) => target !== folder && !isAbove(target, folder))]),
    );
  }
  expect(imports.size).toBeGreaterThan(10);
  expect([...imports.keys()].filter((folder) => reaches(imports, folder, folder))).toEqual([]);
});

/** What stands in the folder above is shared by all below it. */
function isAbove(target: string, folder: string): boolean {
  return folder.startsWith(target + sep);
}

function reaches(imports: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [...(imports.get(from) ?? [])];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (folder === to) return true;
    if (!seen.has(folder)) queue.push(...(imports.get(folder) ?? []));
    seen.add(folder);
  }
  return false;
}

function textOf(file: string): string {
  return readFileSync(join(PACKAGES, file), 'utf8');
}
