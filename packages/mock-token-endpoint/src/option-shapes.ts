/** What a value among the options must be like. They come from JavaScript and from configuration files too, where no compiler has looked at them. */
import { MockError } from './errors.ts';

/** Passes for a value of this shape; else throws a {@link MockError} `invalid_option` that names `path` and says what to give there. */
export type Shape = (value: unknown, path: string) => void;

/** Whatever `isMeant` says; `give` is what an error asks for. */
export function fitting(isMeant: (value: unknown) => boolean, give: string): Shape {
  return (value, path) => require(isMeant(value), { path, found: shown(value), give });
}

export const text: Shape = fitting((value) => typeof value === 'string', 'a string');
export const flag: Shape = fitting((value) => typeof value === 'boolean', 'true or false');
export const callable: Shape = fitting((value) => typeof value === 'function', 'a function');

export function oneOf(choices: readonly string[]): Shape {
  return fitting((value) => choices.includes(value as string), `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`);
}

/** Both ends included. */
export function wholeNumber(from: number, to: number): Shape {
  const isMeant = (value: unknown) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
  return fitting(isMeant, `a whole number from ${from} to ${to}`);
}

export function listOf(shape: Shape): Shape {
  return (value, path) => {
    require(Array.isArray(value), { path, found: kindOf(value), give: 'a list' });
    for (const [index, entry] of (value as unknown[]).entries()) shape(entry, `${path}[${index}]`);
  };
}

/** Any names, and a value of `shape` at each. */
export function recordOf(shape: Shape): Shape {
  return (value, path) => {
    for (const [name, member] of membersOf(value, path)) shape(member, `${path}[${JSON.stringify(name)}]`);
  };
}

/** These members and no others; one that is `undefined` counts as absent, and only those of `required` may not be. */
export function objectOf(members: Readonly<Record<string, Shape>>, { required = [] }: { required?: readonly string[] } = {}): Shape {
  const shapes = new Map(Object.entries(members));
  return (value, path) => {
    const given = new Map(membersOf(value, path).filter(([, member]) => member !== undefined));
    const at = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, member] of given) {
      const shape = shapes.get(name);
      if (!shape) throw new MockError('invalid_option', `${at(name)} is no option: give one of ${[...shapes.keys()].join(', ')}`);
      shape(member, at(name));
    }
    for (const name of required) require(given.has(name), { path: at(name), found: 'missing', give: 'it' });
  };
}

function membersOf(value: unknown, path: string): [string, unknown][] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  require(isObject, { path: path === '' ? 'options' : path, found: kindOf(value), give: 'an object' });
  return Object.entries(value as object);
}

function require(passed: boolean, { path, found, give }: { path: string; found: string; give: string }): void {
  if (!passed) throw new MockError('invalid_option', `${path} is ${found}: give ${give}`);
}

/** A value where one of its kind was asked for: as it is, but never the inside of an object. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
  return ['object', 'function', 'undefined'].includes(typeof value) ? kindOf(value) : String(value);
}

/** What a value is, where a whole structure was asked for: the value itself may be a secret in the wrong place. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}

const LONGEST_SHOWN = 60;
