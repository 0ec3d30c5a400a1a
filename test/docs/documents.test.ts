/** What the documents show is true: their TypeScript compiles, their links lead somewhere, and they stay short. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

test('the TypeScript in every document compiles', () => {
  const programs = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program = ''], index) => ({
      name: `${document.replaceAll('/', '-')}-${index}.ts`,
      program,
    })),
  );
  expect(programs.length).toBeGreaterThanOrEqual(6);
  expect(compile(programs)).toBe('');
});

test('the compiler would say what is wrong', () => {
  expect(compile([{ name: 'wrong.ts', program: "import { secret } from '@client-credentials/token-source';\nsecret(1);\n" }])).toContain(
    'TS2345',
  );
});

test('every link to a file leads to one', () => {
  const broken = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/\]\((?!https?:)([^)#]+)/g)]
      .filter(([, target = '']) => !existsSync(join(ROOT, dirname(document), target)))
      .map(([link]) => `${document}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('a document is at most 150 lines, and a decision at most 30', () => {
  const tooLong = DOCUMENTS.filter((document) => {
    // The map has a row for every rule.
    if (document === join('docs', 'protocol-map.md')) return false;
    const lines = textOf(document).trimEnd().split('\n').length;
    return lines > (document.startsWith('docs/decisions') ? 30 : 150);
  });
  expect(tooLong).toEqual([]);
});

test('the first commands in the README are npm start and npm test', () => {
  expect(
    /```sh\n([\s\S]*?)```/
      .exec(textOf('README.md'))?.[1]
      ?.split('\n')
      .map((line) => line.split('#')[0]?.trim())
      .filter(Boolean),
  ).toEqual(['npm start', 'npm test']);
});

test('EX-05, EX-06: what is out of scope is named, and no source does it', () => {
  expect(textOf('README.md')).toMatch(/^Out of scope: token exchange \(RFC 8693\).*pushed authorization requests \(RFC 9126\)/m);
  const sources = readdirSync(join(ROOT, 'packages'), { recursive: true, encoding: 'utf8' }).filter((file) => /\/src\/.*\.ts$/.test(file));
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((file) => /grant-type:token-exchange|pushed_authorization_request/.test(textOf(join('packages', file))))).toEqual(
    [],
  );
});

/** What `tsc` says about these programs, each a file of its own. */
function compile(programs: readonly { readonly name: string; readonly program: string }[]): string {
  mkdirSync(join(ROOT, 'test/.temp'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'test/.temp/documents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const { name, program } of programs) writeFileSync(join(folder, name), `${program}\nexport {};\n`);
  const compilerOptions = {
    composite: false,
    declaration: false,
    isolatedDeclarations: false,
    noEmit: true,
    noUnusedLocals: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: relative(folder, join(ROOT, 'tsconfig.base.json')), compilerOptions, include: ['*.ts'] }),
  );
  return spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' }).stdout;
}

function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}
