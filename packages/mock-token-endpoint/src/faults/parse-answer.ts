/** The door for scripted answers: they come from JavaScript and from JSON, where no compiler has looked at them. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { MockError } from '../errors.ts';
import { fitting, objectOf, oneOf, recordOf, type Shape, text, wholeNumber } from '../option-shapes.ts';
import type { MockAnswer } from './answer.ts';
import { FAULTS } from './faults.ts';

/**
 * A copy of `value`, which is an answer that can be sent.
 *
 * @param path  what errors call it
 * @throws {MockError} `invalid_option` that names the member, for one that is unknown, of another type, or beyond what HTTP or the clock can carry
 */
export function parseAnswer(value: unknown, path = 'answer'): MockAnswer {
  answerShape(value, path);
  const given = Object.entries(value as object).filter(([, member]) => member !== undefined);
  // What is sent of a body is its JSON, and JSON is what a later change by the caller cannot reach. A string is its own copy.
  return Object.fromEntries(
    given.map(([name, member]) => [name, typeof member === 'string' ? member : JSON.parse(JSON.stringify(member))]),
  ) as MockAnswer;
}

/** An answer is of the kind of the first of these members that it has, and plain when it has none. */
const answerShape: Shape = (value, path) => {
  const isObject = typeof value === 'object' && value !== null;
  const mark = MARKS.find((name) => isObject && Reflect.get(value, name) !== undefined);
  (mark === undefined ? PLAIN : KINDS[mark])(value, path);
};

const header: Shape = (value, path) => {
  text(value, path);
  attempt(() => validateHeaderValue('value', value as string), `${path} is no header value: give printable characters on one line`);
};

const headers: Shape = (value, path) => {
  recordOf(header)(value, path);
  for (const name of Object.keys(value as object)) {
    attempt(() => validateHeaderName(name), `${path} has the name ${JSON.stringify(name)}: give letters, digits and hyphens`);
  }
};

const location: Shape = (value, path) => {
  header(value, path);
  fitting((to) => URL.canParse(to as string) || (to as string).startsWith('/'), 'a URL, or a path that begins with a slash')(value, path);
};

const number = fitting(Number.isFinite, 'a number');
const seconds = fitting(
  (value) => value === null || typeof value === 'string' || Number.isFinite(value),
  'a number, a string, or null to leave it out',
);
const skew = fitting(
  (value) => Number.isFinite(value) && Math.abs(value as number) <= 1_000_000_000,
  'seconds, at most 1000000000 either way',
);
const redirectStatus = fitting((value) => [301, 302, 303, 307, 308].includes(value as number), '301, 302, 303, 307 or 308');
const body: Shape = (value, path) => {
  fitting(isJson, 'a string or JSON')(value, path);
  // Journal and control interface go through it by recursion.
  fitting((json) => isWithin(json, DEEPEST), `a string, or JSON that is at most ${DEEPEST} levels deep`)(value, path);
};
const claimsRequest = objectOf({ access_token: recordOf(body) }, { required: ['access_token'] });
const delayMs = wholeNumber(0, 600_000);
const token = objectOf({
  expires_in: seconds,
  refresh_in: number,
  refresh_token: text,
  token_type: text,
  scope: text,
  tid: text,
  appid: text,
  aud: text,
});

const PLAIN = objectOf({ status: wholeNumber(200, 599), headers, body, delayMs });
const KINDS = {
  aadsts: objectOf({ aadsts: wholeNumber(1, 99_999_999) }),
  fault: objectOf({ fault: oneOf(Object.keys(FAULTS)), delayMs }),
  redirect: objectOf({ redirect: redirectStatus, to: location }, { required: ['to'] }),
  token: objectOf({ token }),
  dateSkewSeconds: objectOf({ dateSkewSeconds: skew }),
  requireClaims: objectOf({ requireClaims: claimsRequest }),
} as const;
const MARKS = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** What JSON would lose (bytes, a bigint, a circle) is none. */
function isJson(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return false;
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

function isWithin(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return true;
  return levels > 0 && Object.values(json).every((member) => isWithin(member, levels - 1));
}

function attempt(validate: () => void, message: string): void {
  try {
    validate();
  } catch (cause) {
    throw new MockError('invalid_option', message, { cause });
  }
}

const DEEPEST = 100;
