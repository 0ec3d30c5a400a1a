/** What cannot be scripted is refused when it is given, in words that name the member and say what to give. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockAnswer, MockRule } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'faults' });
});
afterAll(() => harness.close());

/** The whole message, after a prefix where there is one. */
const refusal = (message: RegExp, prefix = '') =>
  expect.objectContaining({
    name: 'MockError',
    code: 'invalid_option',
    transient: false,
    message: expect.stringMatching(new RegExp(`^${prefix}${message.source}$`)),
  });

/** Lists and objects by turns, as many as `levels`. */
const nested = (levels: number): unknown => {
  const inner = levels > 1 ? nested(levels - 1) : 1;
  return levels % 2 > 0 ? { a: inner } : [inner];
};

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /answer is .*: give an object/],
  ['a list', [], /answer is .*: give an object/],
  ['a misspelt member', { delay: 5 }, /answer\.delay is no option: give one of status, headers, body, delayMs/],
  ['a member of another kind', { aadsts: 1, status: 400 }, /answer\.status is no option: give one of aadsts/],
  ['a status that is none', { status: 1000 }, /answer\.status is 1000: give a whole number from 200 to 599/],
  ['an informational status', { status: 100 }, /answer\.status is 100: give a whole number from 200 to 599/],
  ['a status in words', { status: '500' }, /answer\.status is "500": give a whole number from 200 to 599/],
  ['a negative delay', { delayMs: -1 }, /answer\.delayMs is -1: give a whole number from 0 to 600000/],
  ['a delay of an hour', { delayMs: 3_600_000 }, /answer\.delayMs is 3600000: give a whole number from 0 to 600000/],
  ['headers in a list', { headers: ['a: b'] }, /answer\.headers is .*: give an object/],
  ['a header that is no text', { headers: { a: 1 } }, /answer\.headers\["a"\] is 1: give a string/],
  [
    'a header of two lines',
    { headers: { a: 'b\r\nc: d' } },
    /answer\.headers\["a"\] is no header value: give printable characters on one line/,
  ],
  ['a header without a name', { headers: { '': 'b' } }, /answer\.headers has the name "": give letters, digits and hyphens/],
  ['a header with a blank', { headers: { 'a b': 'c' } }, /answer\.headers has the name "a b": give letters, digits and hyphens/],
  ['a body that is no JSON', { body: 1n }, /answer\.body is 1: give a string or JSON/],
  ['a body of bytes', { body: new Uint8Array(2) }, /answer\.body is of type object: give a string or JSON/],
  ['a body of 101 levels', { body: nested(101) }, /answer\.body is of type object: give a string, or JSON that is at most 100 levels deep/],
  [
    'a claims request of 101 levels',
    { requireClaims: { access_token: { a: nested(101) } } },
    /answer\.requireClaims\.access_token\["a"\] is of type object: give a string, or JSON that is at most 100 levels deep/,
  ],
  ['a redirect without an aim', { redirect: 302 }, /answer\.to is .*: give it/],
  ['a redirect to nowhere', { redirect: 302, to: 'b' }, /answer\.to is "b": give a URL, or a path that begins with a slash/],
  [
    'a redirect of two lines',
    { redirect: 302, to: 'https://a/\r\nb' },
    /answer\.to is no header value: give printable characters on one line/,
  ],
  ['a redirect that is none', { redirect: 304, to: '/b' }, /answer\.redirect is 304: give 301, 302, 303, 307 or 308/],
  ['a code that is no number', { aadsts: Number.NaN }, /answer\.aadsts is NaN: give a whole number from 1 to 99999999/],
  [
    'a skew that is no number',
    { dateSkewSeconds: Number.NaN },
    /answer\.dateSkewSeconds is NaN: give seconds, at most 1000000000 either way/,
  ],
  ['a claim that is no text', { token: { aud: 5 } }, /answer\.token\.aud is 5: give a string/],
  ['a claim there is none', { token: { roles: [] } }, /answer\.token\.roles is no option: give one of expires_in, .*/],
  [
    'a lifetime of yes',
    { token: { expires_in: true } },
    /answer\.token\.expires_in is true: give a number, a string, or null to leave it out/,
  ],
  ['a fault there is none', { fault: 'gremlins' }, /answer\.fault is "gremlins": give no-answer, .* or endless-nonce/],
  ['a fault by an inherited name', { fault: 'toString' }, /answer\.fault is "toString": give no-answer, .*/],
])('%s is refused', (_title, answer, message) => {
  expect(() => harness.mock.enqueue(answer as MockAnswer)).toThrow(refusal(message));
  expect(() => harness.mock.addRule({ answer } as MockRule)).toThrow(
    refusal(answer === undefined ? /answer is .*: give it/ : message, 'rule\\.'),
  );
});

describe('a rule', () => {
  const answer = { status: 500 };
  test.each<[string, unknown, RegExp]>([
    ['that is none', 5, /rule is .*: give an object/],
    ['for no times at all', { times: 0, answer }, /rule\.times is 0: give a whole number from 1 to 1000000/],
    ['for half a time', { times: 0.5, answer }, /rule\.times is 0\.5: give a whole number from 1 to 1000000/],
    [
      'with a misspelt match',
      { match: { client: 'c' }, answer },
      /rule\.match\.client is no option: give one of path, method, tenant, clientId/,
    ],
    [
      'for a path that is a number',
      { match: { path: 5 }, answer },
      /rule\.match\.path is 5: give a path that begins with a slash, without its query, or a pattern/,
    ],
    [
      'for a path without its slash',
      { match: { path: 'users' }, answer },
      /rule\.match\.path is "?users"?: give a path that begins with a slash, without its query, or a pattern/,
    ],
    [
      'for a path with a query',
      { match: { path: '/users?$top=2' }, answer },
      /rule\.match\.path is .*: give a path that begins with a slash, without its query, or a pattern/,
    ],
    [
      'for a URL',
      { match: { path: 'https://127.0.0.1/users' }, answer },
      /rule\.match\.path is .*: give a path that begins with a slash, without its query, or a pattern/,
    ],
    ['for a list of methods', { match: { method: ['GET'] }, answer }, /rule\.match\.method is a list: give a string/],
    [
      'with a pattern that is none',
      { match: { path: { pattern: '(' } }, answer },
      /rule\.match\.path is no pattern: give a regular expression of JavaScript and its flags/,
    ],
    ['with a pattern without one', { match: { path: { flags: 'i' } }, answer }, /rule\.match\.path\.pattern is .*: give it/],
  ])('%s is refused', (_title, rule, message) => {
    expect(() => harness.mock.addRule(rule as MockRule)).toThrow(refusal(message));
  });
});

test.each([
  [{ path: '/' }, /match\.path is no option: give one of tenant, clientId/],
  [{ tenant: 5 }, /match\.tenant is 5: give a string/],
  ['t', /match is .*: give an object/],
])('a queued answer for %j is refused', (match, message) => {
  expect(() => harness.mock.enqueue({ status: 500 }, match as object)).toThrow(refusal(message));
});

test('a body of 100 levels is sent', async () => {
  harness.mock.enqueue({ body: nested(100) });
  const { status, json } = await harness.post(harness.secretFields());
  expect([status, json]).toEqual([200, nested(100)]);
});

test('what was refused left nothing behind', async () => {
  expect((await harness.post(harness.secretFields())).status).toBe(200);
});
