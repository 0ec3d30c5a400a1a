/** What the control interface can do is a list of routes: each a value that one file of this folder owns. */
import { MockError } from '../errors.ts';
import type { Answer } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Steering } from '../steering.ts';

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the interface's own path; a segment in braces stands for any. */
  readonly path: string;
  /** One sentence for people who look at the list. */
  readonly purpose: string;
  /** Names of what may stand in the query; none by default. */
  readonly query?: readonly string[];
  /** Whether it takes a body, which is JSON. */
  readonly takesBody?: boolean;
  /** @throws {MockError} `invalid_option` for what the mock cannot use */
  answer(call: ControlCall): Answer | Promise<Answer>;
}

/** One call of a route. */
export interface ControlCall {
  readonly services: Services;
  readonly steering: Steering;
  /** What stands in the path at the segment in braces; else empty. */
  readonly parameter: string;
  readonly query: ControlQuery;
  /** JSON as received, unjudged. */
  readonly body: unknown;
  /** Aborts when there is nobody left to answer. */
  readonly departure: AbortSignal;
}

/** By name; what is not given is absent. */
export type ControlQuery = Readonly<Record<string, string | undefined>>;

/** What follows where in `path` the segment in braces stands, empty when there is none, or `undefined` when the route is another. */
export function matchRoute(route: ControlRoute, path: string): string | undefined {
  const wanted = route.path.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const at = wanted.findIndex((segment) => segment.startsWith('{'));
  return wanted.every((segment, index) => index === at || segment === given[index]) ? (given[at] ?? '') : undefined;
}

/**
 * The query as the route wants it.
 *
 * @throws {MockError} `invalid_option` for a name the route does not have, one given twice, or one without a value: a slip must not make a
 * filter that hits everything
 */
export function readQuery({ path, query: names = [] }: ControlRoute, given: URLSearchParams): ControlQuery {
  for (const [name, value] of given) {
    const fault = names.includes(name) ? faultOf(value, given.getAll(name).length) : 'is unknown here';
    if (fault)
      throw new MockError('invalid_option', `${name} in the query of ${path} ${fault}: give each of ${names.join(', ') || 'none'} once`);
  }
  return Object.fromEntries(given);
}

function faultOf(value: string, times: number): string | undefined {
  if (value === '') return 'is empty';
  return times > 1 ? `is there ${times} times` : undefined;
}

/**
 * A whole number of the query.
 *
 * @throws {MockError} `invalid_option` for anything else, or one out of its range
 */
export function readCount(
  query: ControlQuery,
  name: string,
  { least = 0, most, usual }: { least?: number; most: number; usual: number },
): number {
  const text = query[name];
  if (text === undefined) return usual;
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new MockError('invalid_option', `${name} is ${JSON.stringify(text)}: give a whole number from ${least} to ${most}`);
}
