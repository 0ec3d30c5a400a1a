/** What the journal keeps of what clients send: frozen, and no more of it than somebody would read. */

/**
 * A frozen copy of `value`, which is JSON: lists and objects deeper than 16 and strings beyond 65,536 characters are cut, and of a list or an
 * object the first 200 members are kept. Something stands in place of what is left out; members that are `undefined` just go.
 */
export function keep<T>(value: T): T {
  return copy(value, DEEPEST) as T;
}

/** `text`, or its first `longest` characters and how many there were. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // By way of octets, since a mere slice would hold on to the whole text.
  return `${Buffer.from(text.slice(0, longest)).toString()}… (${text.length} characters)`;
}

/** Roughly the octets of memory that a kept value holds. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return PER_VALUE + value.length;
  if (typeof value !== 'object' || value === null) return PER_VALUE;
  return Object.entries(value).reduce((sum, [name, member]) => sum + PER_VALUE + name.length + weigh(member), PER_VALUE);
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(value, LONGEST);
  if (typeof value !== 'object' || value === null) return value;
  // A client chooses how deep its claims go, and whoever reads the journal may go there by recursion.
  if (depth === 0) return '…';
  return Object.freeze(Array.isArray(value) ? copyList(value, depth - 1) : copyObject(value, depth - 1));
}

function copyList(list: readonly unknown[], depth: number): unknown[] {
  const kept = list.slice(0, WIDEST).map((member) => copy(member, depth));
  return list.length > WIDEST ? [...kept, `… (${list.length} members)`] : kept;
}

function copyObject(value: object, depth: number): object {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const kept = members.slice(0, WIDEST).map(([name, member]) => [shorten(name, LONGEST_NAME), copy(member, depth)]);
  return Object.fromEntries(members.length > WIDEST ? [...kept, ['…', `(${members.length} members)`]] : kept);
}

const DEEPEST = 16;
const WIDEST = 200;
// The longest assertion that is looked at.
const LONGEST = 65_536;
const LONGEST_NAME = 1024;
const PER_VALUE = 32;
