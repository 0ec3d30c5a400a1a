/** The door for rules, as for the answers in them. */
import { MockError } from '../errors.ts';
import { fitting, objectOf, type Shape, text, wholeNumber } from '../option-shapes.ts';
import { parseAnswer } from './parse-answer.ts';
import type { ClientMatch, MockRule } from './rules.ts';

/**
 * A copy of `value`, which is a rule; JSON has its pattern as `{ pattern, flags }`.
 *
 * @throws {MockError} `invalid_option` that names the member
 */
export function parseRule(value: unknown): MockRule {
  ruleShape(value, 'rule');
  const { match, times, skip, every, answer } = value as MockRule;
  return {
    ...(match === undefined ? {} : { match: { ...match, path: parsePath(match.path) } }),
    ...(times === undefined ? {} : { times }),
    ...(skip === undefined ? {} : { skip }),
    ...(every === undefined ? {} : { every }),
    answer: parseAnswer(answer, 'rule.answer'),
  };
}

/**
 * A copy of `value`, which says whose requests a queued answer is for.
 *
 * @throws {MockError} `invalid_option` that names the member
 */
export function parseClientMatch(value: unknown): ClientMatch | undefined {
  if (value === undefined) return undefined;
  clientMatchShape(value, 'match');
  return { ...(value as ClientMatch) };
}

const isPath = (value: unknown) => (typeof value === 'string' && /^\/[^?#]*$/.test(value)) || value instanceof RegExp;
const patternShape = objectOf({ pattern: text, flags: text }, { required: ['pattern'] });
const path: Shape = (value, path) => {
  if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) patternShape(value, path);
  else fitting(isPath, 'a path that begins with a slash, without its query, or a pattern')(value, path);
};
const clientMatchShape = objectOf({ tenant: text, clientId: text });
const ruleShape = objectOf(
  {
    match: objectOf({ path, method: text, tenant: text, clientId: text }),
    times: wholeNumber(1, 1_000_000),
    skip: wholeNumber(0, 1_000_000),
    every: wholeNumber(1, 1_000_000),
    // Looked at when it is copied.
    answer: () => undefined,
  },
  { required: ['answer'] },
);

function parsePath(path: string | RegExp | { readonly pattern: string; readonly flags?: string } | undefined): string | RegExp | undefined {
  if (path === undefined || typeof path === 'string') return path;
  if (path instanceof RegExp) return new RegExp(path);
  try {
    return new RegExp(path.pattern, path.flags);
  } catch (cause) {
    throw new MockError('invalid_option', 'rule.match.path is no pattern: give a regular expression of JavaScript and its flags', {
      cause,
    });
  }
}
