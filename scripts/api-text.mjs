/** The text of a package's public API: the declarations behind each name that its entry points export, without comments. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param directory  the package's folder, built */
export function apiText(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return Object.entries(manifest.exports)
    .map(([subpath, target]) => `// ${join(manifest.name, subpath)}\n\n${entryText(join(directory, target.types))}`)
    .join('\n');
}

function entryText(file) {
  const text = readFileSync(file, 'utf8');
  const declarations = [];
  for (const [, names, from] of text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)';$/gm)) {
    for (const name of names
      .split(',')
      .map((part) => part.trim().replace(/^type /, ''))
      .filter(Boolean)) {
      declarations.push({
        name,
        text: from.startsWith('.') ? declarationOf(name, join(dirname(file), from.replace(/\.ts$/, '.d.ts'))) : `from ${from}`,
      });
    }
  }
  declarations.sort((one, other) => (one.name < other.name ? -1 : 1));
  return declarations.map(({ name, text: body }) => (body.startsWith('from ') ? `export { ${name} } ${body};\n` : body)).join('\n');
}

/** The top-level declaration of this name, and all its overloads. */
function declarationOf(name, file) {
  const statements = readFileSync(file, 'utf8')
    .replace(/\/\*\*?[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .split(/^(?=export |declare |import |interface |type )/m);
  const found = statements.filter((statement) =>
    new RegExp(`^export (declare )?(abstract )?(interface|type|class|function|const) ${name}\\b`).test(statement),
  );
  if (found.length === 0) throw new Error(`${file} declares no ${name}`);
  return found.map((statement) => `${statement.replace(/\n\s*\n/g, '\n').trim()}\n`).join('');
}
