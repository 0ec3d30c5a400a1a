import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Challenge, parseChallenges } from '../src/challenge/www-authenticate.ts';

// What each line of the grammar gives stands in vectors/challenges.json; here is what holds for every input.

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
const text = fc.string({ maxLength: 12 });
const padding = fc.stringMatching(/^[ \t]{0,3}$/);

/** A challenge as it is, and one of the ways to write it. */
const parameter = fc.tuple(token, fc.oneof(token, text), fc.boolean(), padding, padding);
const written = fc.record({
  scheme: token,
  parameters: fc.uniqueArray(parameter, { maxLength: 4, selector: ([name]) => name.toLowerCase() }),
});

function writeParameter([name, value, quoted, before, after]: [string, string, boolean, string, string]): string {
  const bare = !quoted && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value);
  return `${name}${before}=${after}${bare ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
}

test('HTTP-01, HTTP-02, HTTP-04, HTTP-05: what was written in any of the allowed ways is read back', () => {
  fc.assert(
    fc.property(fc.array(written, { maxLength: 4 }), fc.constantFrom(',', ', ', ' ,\t, '), fc.boolean(), (list, comma, oneLine) => {
      const lines = list.map(({ scheme, parameters }) => `${scheme} ${parameters.map(writeParameter).join(comma)}`);
      const expected = list.map(({ scheme, parameters }) => ({
        scheme: scheme.toLowerCase(),
        parameters: Object.fromEntries(parameters.map(([name, value]) => [name.toLowerCase(), value])),
        malformed: false,
      }));
      expect(plain(parseChallenges(oneLine ? lines.join(comma) : lines))).toEqual(expected);
    }),
  );
});

test('HTTP-08: no text makes it throw', () => {
  const pieces = fc.constantFrom('"', '\\', ',', '=', ' ', '\t', 'Bearer', 'error', 'x', '/', '\u0000', '\n', 'é', '\u{1f511}', '\ud800');
  const lines = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(lines, (header) => {
      for (const { scheme, parameters, malformed } of parseChallenges(header)) {
        expect(scheme).toMatch(/^[!#$%&'*+.^_`|~0-9a-z-]+$/);
        expect(Object.keys(parameters).every((name) => name === name.toLowerCase())).toBe(true);
        expect(typeof malformed).toBe('boolean');
      }
    }),
    { numRuns: 10_000 },
  );
});

// A reader that goes back over what it has read takes minutes for one or another of these.
const HOSTILE = ['"', '\\', ',', 'a ', 'a=', 'a="', '=', ' ', '\t', 'a', '""', '"\\', 'a=b ', 'a="b",', 'a,', '" ,'];
const BEGINNINGS = ['', 'Bearer ', 'Bearer realm="', 'Bearer realm=', 'Bearer realm=a '];
test.each(HOSTILE)('HTTP-08: 100 kB of %j take no time', { timeout: 20_000 }, (piece) => {
  for (const beginning of BEGINNINGS) {
    const line = beginning + piece.repeat(100_000 / piece.length);
    for (const end of ['', '"', '/']) expect(Array.isArray(parseChallenges(line + end))).toBe(true);
  }
});

test('HTTP-08: a header of 128 KiB in all is read, and none that is longer', () => {
  const line = 'Bearer realm=a';
  const filler = ' '.repeat(128 * 1024 - line.length);
  expect(parseChallenges([line, filler])).toHaveLength(1);
  expect(parseChallenges([line, `${filler} `])).toEqual([]);
  expect(parseChallenges(`${line}${filler} `)).toEqual([]);
});

test('HTTP-08: parameters may have the names of what every object has', () => {
  const [challenge] = parseChallenges('Bearer __proto__=a, constructor=b, toString=c, __proto__=d');
  expect(Object.entries(challenge?.parameters ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['tostring', 'c'],
  ]);
  expect(challenge?.malformed).toBe(true);
  expect(parseChallenges('Bearer error=a')[0]?.parameters['constructor']).toBeUndefined();
});

test('HTTP-19: a header that is not there holds no challenge, and a value that is no text counts as absent', () => {
  expect(parseChallenges([])).toEqual([]);
  expect(parseChallenges(undefined as never)).toEqual([]);
  expect(parseChallenges([null, 7, 'Bearer realm=a'] as never)).toHaveLength(1);
});

test('HTTP-03: each of the characters of a token68, and none besides', () => {
  const all = 'ABCXYZabcxyz0189-._~+/==';
  expect(parseChallenges(`Negotiate ${all}`)[0]).toMatchObject({ token68: all, malformed: false });
  for (const other of ['!', '#', ':', '@', '"', 'é']) {
    const [challenge] = parseChallenges(`Negotiate YII${other}`);
    expect(challenge).toMatchObject({ malformed: true });
    expect(challenge).not.toHaveProperty('token68');
  }
  expect(parseChallenges('Negotiate /=/')[0]).toMatchObject({ malformed: true });
  expect(parseChallenges('Negotiate')[0]).not.toHaveProperty('token68');
});

test.each([
  ['Bearer/1 realm=a', []],
  ['Bearer Basic realm=a', [{ scheme: 'bearer', parameters: {}, malformed: true }]],
  ['Bearer realm="a"b, scope=c', [{ scheme: 'bearer', parameters: { scope: 'c' }, malformed: true }]],
  ['Bearer realm=a/b', [{ scheme: 'bearer', parameters: {}, malformed: true }]],
  ['Bearer realm=a "b", scope=c', [{ scheme: 'bearer', parameters: { realm: 'a', scope: 'c' }, malformed: true }]],
  ['Bearer realm=a, "b", scope=c', [{ scheme: 'bearer', parameters: { realm: 'a', scope: 'c' }, malformed: true }]],
  ['Bearer realm=a, YII=', [{ scheme: 'bearer', parameters: { realm: 'a' }, malformed: true }]],
  ['Bearer\trealm=a', [{ scheme: 'bearer', parameters: { realm: 'a' }, malformed: false }]],
  ['Bearer, realm =a', [{ scheme: 'bearer', parameters: { realm: 'a' }, malformed: false }]],
  ['Bearer =a', []],
  ['Bearer realm="a\\\nb", scope=c', [{ scheme: 'bearer', parameters: { realm: 'a\nb', scope: 'c' }, malformed: false }]],
])('HTTP-08: %j', (line, expected) => {
  expect(plain(parseChallenges(line))).toEqual(expected);
});

function plain(challenges: readonly Challenge[]): unknown {
  return challenges.map(({ parameters, ...rest }) => ({ ...rest, parameters: Object.fromEntries(Object.entries(parameters)) }));
}
