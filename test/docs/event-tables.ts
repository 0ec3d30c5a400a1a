/** Events as a guide's table has them, and as their types do: for each the names of its fields and the texts these may hold. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type EventFields = Readonly<Record<string, readonly string[]>>;

export function eventsInGuide(file: string): EventFields {
  const rows = [...textOf(file).matchAll(/^\| `([\w-]+)` +\| (.*?) +\|/gm)];
  return Object.fromEntries(rows.map(([, name = '', fields = '']) => [name, [...namesIn(fields, '`')].toSorted()]));
}

/** @param events  the name of the interface with the events; those that they extend stand in the same file */
export function eventsInTypes(file: string, events: string): EventFields {
  const source = textOf(file).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  const bodyOf = (name: string): string => new RegExp(`^export interface ${name} {\n([\\s\\S]*?)\n}`, 'm').exec(source)?.[1] ?? '';
  const fieldsOf = (type: string): readonly string[] => [
    ...[...type.matchAll(/\b([A-Z]\w+)\b/g)].flatMap(([, name = '']) => fieldsOf(bodyOf(name))),
    ...[...type.matchAll(/readonly (\w+)\??:([^;}]*)/g)].flatMap(([, name = '', values = '']) => [name, ...namesIn(values, "'")]),
  ];
  const members = [...bodyOf(events).matchAll(/^ {2}'?([\w-]+)'?: ([\s\S]*?);$(?=\s*(?:^ {2}'?\w|$(?![\s\S])))/gm)];
  return Object.fromEntries(members.map(([, name = '', type = '']) => [name, fieldsOf(type).toSorted()]));
}

function namesIn(text: string, quote: string): readonly string[] {
  return [...text.matchAll(new RegExp(`${quote}([\\w-]+)${quote}`, 'g'))].map(([, name = '']) => name);
}

function textOf(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
}
