/**
 * The text of a package's public API: the declarations behind each name that its entry points export, and behind each name of
 * the package that these use, without comments.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param directory  the package's folder, built */
export function apiText(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports)
    .map(([subpath, target]) => `// ${join(manifest.name, subpath)}\n\n${entryText(join(directory, target.types))}`)
    .join('\n');
}

function entryText(file) {
  const declarations = new Map();
  for (const { name, from } of exportsOf(file)) collect(name, from, declarations);
  return [...declarations]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, text]) => text)
    .join('\n');
}

/** Adds the declaration of a name, and of what it uses of the package. */
function collect(name, from, declarations) {
  if (declarations.has(name)) return;
  if (!existsSync(from)) {
    declarations.set(name, `export { ${name} } from ${from};\n`);
    return;
  }
  const { text, imports, local } = declarationOf(name, from);
  declarations.set(name, text);
  for (const used of new Set(text.match(/\b[A-Za-z_]\w*/g))) {
    if (local.has(used)) collect(used, from, declarations);
    else if (imports.has(used)) collect(used, imports.get(used), declarations);
  }
}

/** The names an entry point exports, and the file or package of each. Anything but `export { … } from` is refused: it would be missed. */
function exportsOf(file) {
  const text = withoutComments(file);
  const pattern = /^export (?:type )?\{([^}]*)\} from '([^']+)';$/gm;
  if (/\bexport\b/.test(text.replace(pattern, ''))) throw new Error(`${file} exports in a form that this script does not read`);
  return [...text.matchAll(pattern)].flatMap(([, names, from]) => namesIn(names).map((name) => ({ name, from: resolve(file, from) })));
}

/** The top-level declaration of a name with all its overloads; the names its file imports and declares. */
function declarationOf(name, file) {
  const statements = withoutComments(file).split(/^(?=export |declare |import |interface |type )/m);
  const nameOf = (statement) =>
    /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|function|const) (\w+)/.exec(statement)?.[1];
  const found = statements.filter((statement) => nameOf(statement) === name);
  if (found.length === 0) throw new Error(`${file} declares no ${name}`);
  const imports = new Map(
    statements.flatMap((statement) => {
      const [, names, from] = /^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/.exec(statement) ?? [];
      return names === undefined ? [] : namesIn(names).map((imported) => [imported, resolve(file, from)]);
    }),
  );
  const text = found.map((statement) => `${statement.replace(/\n\s*\n/g, '\n').trim()}\n`).join('');
  return { text, imports, local: new Set(statements.map(nameOf).filter((other) => other !== undefined && other !== name)) };
}

function namesIn(list) {
  return list
    .split(',')
    .map((part) => part.trim().replace(/^type /, ''))
    .filter(Boolean);
}

function resolve(file, from) {
  return from.startsWith('.') ? join(dirname(file), from.replace(/\.ts$/, '.d.ts')) : from;
}

function withoutComments(file) {
  return readFileSync(file, 'utf8')
    .replace(/\/\*\*?[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}
