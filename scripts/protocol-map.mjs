/**
 * Writes docs/protocol-map.md: every rule of docs/requirements with the source file that keeps it and the tests that show it.
 * With `--check` it writes nothing, and ends with 1 and what is wrong.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { titlesIn } from './test-titles.mjs';

const MAP = 'docs/protocol-map.md';
/** The lists, in the order of the map. */
const LISTS = [
  ...['oauth', 'bearer-and-challenges', 'client-assertions', 'jose', 'discovery', 'sender-constrained-tokens', 'extensions'],
  ...['security', 'certificates', 'entra', 'federation-and-managed-identity', 'key-vault-and-graph'],
];
/** How many rules there are: a row that gets lost is noticed. */
const RULES = 229;
/** A row may leave its rule to nobody, and then says why. */
const NOBODY = 'none';
const PACKAGES = ['protocol', 'token-cache', 'token-source', 'api-caller', 'mock-token-endpoint', 'cli', NOBODY];
/** The levels whose rows in `protocol` must have a test; `MUST NOT`, `NOT RECOMMENDED` and `MUST (server)` hold one of these, too. */
const TESTED_LEVELS = /\b(MUST|SHOULD|RECOMMENDED|DOC)\b/;

// By the real path, or a link to it would do nothing and say that all is well.
if (argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(argv[1]))
  run(fileURLToPath(new URL('../', import.meta.url)), argv.includes('--check'));

function run(root, check) {
  const project = readProject(root);
  const map = renderMap(project);
  if (!check) {
    writeFileSync(join(root, MAP), map);
    return;
  }
  const problems = [...problemsOf(project), ...differencesOf(project.map, map)];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** Reads the lists, the tests, the sources that the lists name, and the map as it stands. */
export function readProject(root) {
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const parts = LISTS.map((name) => parseList(read(`docs/requirements/${name}.md`), `requirements/${name}.md`));
  const scenario = parseScenario(read('docs/requirements/scenario.md'));
  const named = [...parts.flatMap(({ rows }) => rows), ...scenario].flatMap(({ files }) => files);
  return {
    parts,
    scenario,
    tests: testFiles(root).flatMap((file) => testsIn(file, read(file))),
    sources: new Map(named.filter((file) => existsSync(join(root, file))).map((file) => [file, read(file)])),
    map: existsSync(join(root, MAP)) ? read(MAP) : '',
  };
}

/** The title and the rows of a list: a table of number, level, source, rule, package, kept in. */
export function parseList(text, path) {
  const rows = tableRows(text)
    .filter(([number]) => /^[A-Z]+-\d+$/.test(number))
    .map(([number, level, source, rule, owner, keptIn]) => {
      const [name, reason = ''] = owner.split(': ');
      return { number, level, source, rule, package: name, reason, files: listed(keptIn).map((file) => `packages/${name}/src/${file}`) };
    });
  return { title: /^# (.*)$/m.exec(text)?.[1] ?? path, path, rows };
}

/** The rules of the scenario: a table of rule, requirements, and files that begin with their package. */
export function parseScenario(text) {
  return tableRows(text)
    .slice(2)
    .map(([rule, numbers, keptIn]) => ({
      rule,
      numbers: listed(numbers),
      files: listed(keptIn).map((file) => `packages/${file.replace('/', '/src/')}`),
    }));
}

/** The tests of a file that begin with numbers, as titles in a test file or as cases in a file of vectors. */
export function testsIn(file, text) {
  if (file.endsWith('.json')) {
    return JSON.parse(text).vectors.map(({ requirements, name }) => ({ file, numbers: requirements, title: name }));
  }
  return titlesIn(text)
    .filter((title) => /^[A-Z]{2,4}-\d\d\b/.test(title))
    .map((title) => {
      const [, numbers, rest] = /^([A-Z]{2,4}-\d\d(?:, [A-Z]{2,4}-\d\d)*): (.*)$/s.exec(title) ?? [];
      // Left without numbers, the title is reported: a list in another form would silently not count.
      return { file, numbers: numbers?.split(', ') ?? [], title: rest ?? title };
    });
}

/** What is wrong, as sentences; none when every rule is kept where the lists say, and shown by a test where it must be. */
export function problemsOf({ parts, scenario, tests, sources }) {
  const rows = parts.flatMap((part) => part.rows);
  const numbers = rows.map(({ number }) => number);
  const known = new Set(numbers);
  const shown = new Set(tests.flatMap((test) => test.numbers));
  return [
    ...(rows.length === RULES ? [] : [`the lists hold ${rows.length} rules, expected ${RULES}`]),
    ...numbers.filter((number, index) => numbers.indexOf(number) !== index).map((number) => `${number} stands twice`),
    ...rows.flatMap((row) => rowProblems(row, sources, shown)),
    ...scenario.flatMap((rule) => [
      ...rule.numbers.filter((number) => !known.has(number)).map((number) => `the scenario names ${number}, which is in no list`),
      ...rule.files.filter((file) => !sources.has(file)).map((file) => `the scenario names ${file}, which does not exist`),
    ]),
    ...tests.flatMap(({ file, title, numbers: named }) => [
      ...(named.length === 0 ? [`${file}: the numbers of "${title}" are no list such as "CC-01, CC-02: …"`] : []),
      ...named.filter((number) => !known.has(number)).map((number) => `${file}: "${title}" names ${number}, which is in no list`),
    ]),
  ];
}

function rowProblems(row, sources, shown) {
  const missing = row.files.filter((file) => !sources.has(file)).map((file) => `${row.number}: ${file} does not exist`);
  if (row.package === NOBODY) return row.reason === '' ? [`${row.number} is left to nobody without a reason`] : missing;
  if (!PACKAGES.includes(row.package)) return [`${row.number} belongs to ${row.package}, which is no package`];
  if (row.package !== 'protocol') return missing;
  const document = documentOf(row.source);
  return [
    ...missing,
    ...(row.files.length === 0 ? [`${row.number} belongs to protocol and names no file`] : []),
    ...row.files
      .filter((file) => sources.get(file)?.includes(document) === false)
      .map((file) => `${row.number}: ${file} does not cite ${document}`),
    ...(TESTED_LEVELS.test(row.level) && !shown.has(row.number) ? [`${row.number} (${row.level}) has no test`] : []),
  ];
}

/** The word by which a source file cites a row's document, such as `RFC 6749`; empty for a rule of our own. */
function documentOf(source) {
  return /^(?:RFC \d+|OpenID Connect|Entra|Azure|Key Vault|Graph)\b/.exec(source)?.[0] ?? '';
}

/** The lines in which a text is not what it should be. */
export function differencesOf(actual, expected) {
  const [actualLines, expectedLines] = [actual.split('\n'), expected.split('\n')];
  return [
    ...actualLines.filter((line) => !expectedLines.includes(line)).map((line) => `${MAP} is stale, it has: ${line}`),
    ...expectedLines.filter((line) => !actualLines.includes(line)).map((line) => `${MAP} is stale, it lacks: ${line}`),
    ...(actual === expected ? [] : [`${MAP} is not what \`node scripts/protocol-map.mjs\` writes`]),
  ];
}

export function renderMap({ parts, scenario, tests }) {
  const rows = parts.flatMap((part) => part.rows);
  const shown = new Set(tests.flatMap((test) => test.numbers));
  const countOf = (name) => {
    const counted = rows.filter((row) => name === 'all' || row.package === name);
    return [name, counted.length, counted.filter(({ number }) => shown.has(number)).length];
  };
  const sections = [
    '# Protocol map',
    'Every rule of the [requirements](requirements/README.md), the source file that keeps it, and the tests that show it. Written by' +
      ' `node scripts/protocol-map.mjs` from the lists, the titles of the tests and the vectors; a test fails when it is stale.',
    '## The scenario',
    'A daemon calls an API in its own name. What follows from that, and where it is kept:',
    table(
      ['rule', 'requirements', 'kept in'],
      scenario.map(({ rule, numbers, files }) => [rule, numbers.join(', '), files.map(sourceLink).join(', ')]),
    ),
    ...parts.flatMap((part) => [`## [${part.title}](${part.path})`, partTable(part, tests)]),
    '## Counts',
    table(
      ['package', 'rows', 'rows with a test'],
      [...PACKAGES, 'all'].map(countOf).filter(([, counted]) => counted > 0),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A part as a table, the rows of `protocol` first. */
function partTable({ rows }, tests) {
  const sorted = rows.toSorted((one, other) => PACKAGES.indexOf(one.package) - PACKAGES.indexOf(other.package));
  return table(
    ['number', 'rule', 'kept in', 'shown by'],
    sorted.map((row) => [row.number, row.rule, keeper(row), shownBy(row, tests)]),
  );
}

/** The files that keep a rule; of another package without any yet, its name; of nobody, the reason. */
function keeper({ package: name, reason, files }) {
  return files.length > 0 ? files.map(sourceLink).join(', ') : [name, reason].filter(Boolean).join(': ');
}

/** The test that shows a rule best, and how many more there are. */
function shownBy({ number, package: name, files }, tests) {
  const ownTests = files.map((file) => basename(file).replace('.ts', '.test.ts'));
  // The test of its own source file comes first, then its package's; titles before vectors; what shows few rules before what shows many.
  const distance = ({ file, numbers }) =>
    (ownTests.includes(basename(file)) ? 0 : 400) +
    (file.startsWith(`packages/${name}/`) ? 0 : 200) +
    (file.endsWith('.json') ? 100 : 0) +
    numbers.length;
  const [first, ...more] = tests.filter((test) => test.numbers.includes(number)).toSorted((one, other) => distance(one) - distance(other));
  if (first === undefined) return '';
  const others = more.length === 0 ? '' : ` + ${more.length} more`;
  return `[${basename(first.file)}](../${first.file}): ${plain(first.title)}${others}`;
}

/** A title without the placeholders that a table of cases fills in, and without what Markdown would read as its own. */
function plain(title) {
  return title
    .replace(/%[sdjo]|\$\{[^}]*\}/g, '…')
    .replace(/[\\|*[\]<]/g, '\\$&')
    .replace(/\s+/g, ' ');
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function tableRows(text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function sourceLink(file) {
  const [, name, path] = /^packages\/([^/]+)\/src\/(.*)$/.exec(file);
  return `[${name === 'protocol' ? path : `${name}/${path}`}](../${file})`;
}

function listed(cell) {
  return cell.split(', ').filter(Boolean);
}

/** Test files and files of vectors, in a fixed order. */
function testFiles(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test`);
  return [
    ...['test', ...packages].flatMap((folder) => filesIn(root, folder, '.test.ts')),
    ...filesIn(root, 'packages/protocol/vectors', '.json'),
  ].sort();
}

function filesIn(root, folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  return (
    readdirSync(join(root, folder), { recursive: true })
      // What a folder has installed is not its own.
      .filter((file) => file.endsWith(ending) && !/(^|[\\/])node_modules[\\/]/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
  );
}
