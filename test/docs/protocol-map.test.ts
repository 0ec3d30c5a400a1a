/** The protocol map is true: every rule is kept in a file that cites it, and shown by a test. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  differencesOf,
  type Project,
  parseList,
  parseScenario,
  problemsOf,
  readProject,
  renderMap,
  testsIn,
  // biome-ignore lint/correctness/useImportExtensions: Biome takes the declarations beside it for the module.
} from '../../scripts/protocol-map.mjs';

describe('this project', () => {
  const project = readProject(fileURLToPath(new URL('../../', import.meta.url)));

  test('every rule is kept where the lists say, and shown by a test where its level asks for one', () => {
    expect(problemsOf(project)).toEqual([]);
  });

  test('docs/protocol-map.md is what node scripts/protocol-map.mjs writes', () => {
    expect(differencesOf(project.map, renderMap(project))).toEqual([]);
  });
});

describe('a gap is found', () => {
  test.each(['MUST', 'MUST NOT', 'MUST (server)', 'SHOULD', 'NOT RECOMMENDED', 'RECOMMENDED (server)', 'DOC, OBS'])(
    'a rule of level %s without a test',
    (level) => {
      expect(problemsOf(madeUp({ level, tests: '' }))).toContain(`AB-01 (${level}) has no test`);
    },
  );

  test.each(['MAY', 'OPTIONAL', 'OBS', 'DES', 'DEF', 'INFO'])('a rule of level %s needs none', (level) => {
    expect(gaps(madeUp({ level, tests: '' }))).toEqual([]);
  });

  test('a rule of another package needs none either, and one of nobody a reason', () => {
    expect(gaps(madeUp({ owner: 'api-caller', keptIn: '', tests: '' }))).toEqual([]);
    expect(gaps(madeUp({ owner: 'none: out of scope', keptIn: '', tests: '' }))).toEqual([]);
    expect(problemsOf(madeUp({ owner: 'none', keptIn: '' }))).toContain('AB-01 is left to nobody without a reason');
    expect(problemsOf(madeUp({ owner: 'protocoll' }))).toContain('AB-01 belongs to protocoll, which is no package');
  });

  test('a source file that is not named, does not exist, or does not cite the document', () => {
    expect(problemsOf(madeUp({ keptIn: '' }))).toContain('AB-01 belongs to protocol and names no file');
    expect(problemsOf(madeUp({ keptIn: 'moved.ts' }))).toContain('AB-01: packages/protocol/src/moved.ts does not exist');
    expect(problemsOf(madeUp({ owner: 'token-source', keptIn: 'moved.ts' }))).toContain(
      'AB-01: packages/token-source/src/moved.ts does not exist',
    );
    expect(problemsOf(madeUp({ source: 'RFC 9110 §5' }))).toContain('AB-01: packages/protocol/src/a.ts does not cite RFC 9110');
    expect(problemsOf(madeUp({ source: 'Entra: A page' }))).toContain('AB-01: packages/protocol/src/a.ts does not cite Entra');
    expect(gaps(madeUp({ source: 'own rule' }))).toEqual([]);
  });

  test('a test that names an unknown number, or its numbers in another form', () => {
    expect(problemsOf(madeUp({ tests: "test('AB-01, AB-02: both', () => {});" }))).toContain(
      'test/a.test.ts: "both" names AB-02, which is in no list',
    );
    for (const numbers of ['AB-01 to AB-03: x', 'AB-01 and AB-02: x', 'AB-01 x']) {
      expect(problemsOf(madeUp({ tests: `test('${numbers}', () => {});` }))).toContain(
        `test/a.test.ts: the numbers of "${numbers}" are no list such as "CC-01, CC-02: …"`,
      );
    }
  });

  test('a number that repeats, and a row that got lost', () => {
    const project = madeUp();
    expect(problemsOf({ ...project, parts: [...project.parts, ...project.parts] })).toEqual([
      'the lists hold 2 rules, expected 229',
      'AB-01 stands twice',
    ]);
  });

  test('a rule of the scenario that names what is not there', () => {
    const scenario = parseScenario('| rule | requirements | kept in |\n| --- | --- | --- |\n| One. | AB-01, AB-07 | protocol/b.ts |\n');
    expect(gaps({ ...madeUp(), scenario })).toEqual([
      'the scenario names AB-07, which is in no list',
      'the scenario names packages/protocol/src/b.ts, which does not exist',
    ]);
  });

  test('a map that is stale', () => {
    expect(differencesOf('one\ntwo\n', 'one\n2\n').slice(0, 2)).toEqual([
      'docs/protocol-map.md is stale, it has: two',
      'docs/protocol-map.md is stale, it lacks: 2',
    ]);
    expect(differencesOf('one\none\n', 'one\n')).not.toEqual([]);
  });
});

describe('the titles of tests', () => {
  test('single tests, tables and groups count, in any quotes', () => {
    const text = `
      test('AB-01: it\\'s one', () => {});
      test.each([[1, f(')')]])("AB-02, CD-03: %s", () => {});
      describe(\`AB-04: four\`, () => {});
      describe.each<[number]>([[1]])(
        'AB-05: five',
        () => {},
      );`;
    expect(testsIn('test/a.test.ts', text)).toEqual([
      { file: 'test/a.test.ts', numbers: ['AB-01'], title: "it's one" },
      { file: 'test/a.test.ts', numbers: ['AB-02', 'CD-03'], title: '%s' },
      { file: 'test/a.test.ts', numbers: ['AB-04'], title: 'four' },
      { file: 'test/a.test.ts', numbers: ['AB-05'], title: 'five' },
    ]);
  });

  test('what is skipped, planned, singled out, commented out, or only written about does not count', () => {
    const text = `
      // test('AB-01: x', () => {});
      /* test('AB-01: x', () => {}); */
      test.skip('AB-01: x', () => {});
      test.todo('AB-01: x');
      test.only('AB-01: x', () => {});
      test.skip.each([1])('AB-01: x', () => {});
      const text = "test('AB-01: x')", url = 'https://a.example/'; regex.test('AB-01: x');
      test('UTF-8 and SHA-256 are no numbers', () => {});`;
    expect(testsIn('test/a.test.ts', text)).toEqual([]);
  });

  test('each case of a file of vectors counts', () => {
    const text = JSON.stringify({ vectors: [{ name: 'a case', requirements: ['AB-01'] }] });
    expect(testsIn('packages/protocol/vectors/a.json', text)).toEqual([
      { file: 'packages/protocol/vectors/a.json', numbers: ['AB-01'], title: 'a case' },
    ]);
  });
});

test('a row of the map names rule, file, and first test with the number of others, safe for a table', () => {
  const map = renderMap(madeUp({ tests: "test('AB-01: %s | <b>', () => {}); test('AB-01: other', () => {});" }));
  expect(map).toContain(
    '| AB-01 | A rule. | [a.ts](../packages/protocol/src/a.ts) | [a.test.ts](../test/a.test.ts): … \\| \\<b> + 1 more |\n',
  );
  expect(map).toContain('| protocol | 1 | 1 |\n| all | 1 | 1 |\n');
});

test('a row of another package says whose it is, and why if it is nobody’s', () => {
  expect(renderMap(madeUp({ owner: 'api-caller', keptIn: '', tests: '' }))).toContain('| AB-01 | A rule. | api-caller |  |\n');
  expect(renderMap(madeUp({ owner: 'none: out of scope', keptIn: '', tests: '' }))).toContain(
    '| AB-01 | A rule. | none: out of scope |  |\n',
  );
});

interface Gap {
  readonly level?: string;
  readonly source?: string;
  readonly owner?: string;
  readonly keptIn?: string;
  readonly tests?: string;
}

/** A project of one rule, one source file and one test, where nothing is wrong but what is given and the number of its rules. */
function madeUp(gap: Gap = {}): Project {
  const { level = 'MUST', source = 'RFC 6749 §5.1', owner = 'protocol', keptIn = 'a.ts', tests = "test('AB-01: one', () => {});" } = gap;
  const list = `# A part\n\n| number | level | source | rule | package | kept in |\n| AB-01 | ${level} | ${source} | A rule. | ${owner} | ${keptIn} |\n`;
  return {
    parts: [parseList(list, 'requirements/a.md')],
    scenario: [],
    tests: testsIn('test/a.test.ts', tests),
    sources: new Map([['packages/protocol/src/a.ts', '/** RFC 6749 §5.1. */']]),
    map: '',
  };
}

/** The problems of a made-up project, without the one that they all have. */
function gaps(project: Project): readonly string[] {
  return problemsOf(project).filter((problem) => problem !== 'the lists hold 1 rules, expected 229');
}
