/** The journal stays bounded in every direction, whatever clients send, and what it holds can be read. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { JournalEntry } from '../src/index.ts';
import { createJournal } from '../src/journal.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'journal', journalEntries: 100_000 });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const postText = (body: string, headers: Record<string, string> = {}) =>
  harness.send(harness.mock.tokenEndpoint, { method: 'POST', headers: { ...FORM, ...headers }, body });
const last = (): JournalEntry | undefined => harness.mock.journal.at(-1);
const encode = (text: string) => Buffer.from(text).toString('base64url');
/** An assertion that nobody signed: it is decoded before it is judged. */
const postClaims = (claims: string) => harness.post(harness.assertionFields(`${encode('{"alg":"RS256","x5t":"a"}')}.${encode(claims)}.YQ`));

test('of a form of 20,000 fields the first 200 are kept, and how many there were', async () => {
  await postText(Array.from({ length: 20_000 }, (_, index) => `f${index}=1`).join('&'));
  const form = last()?.form ?? {};
  expect(Object.keys(form)).toHaveLength(201);
  expect([form['f0'], form['f199'], form['f200'], form['…']]).toEqual(['1', '1', undefined, '(20000 members)']);
});

test('of a field of 1 MB its beginning is kept, and how long it was', async () => {
  await postText(`client_id=${'x'.repeat(1_000_000)}`);
  const value = last()?.form?.['client_id'] ?? '';
  expect([value.length, value.slice(65_534)]).toEqual([65_558, 'xx… (1000000 characters)']);
});

test('of a field whose name is 1 MB long the beginning of the name is kept', async () => {
  await postText(`${'n'.repeat(1_000_000)}=1`);
  expect(Object.keys(last()?.form ?? {})).toEqual([`${'n'.repeat(1024)}… (1000000 characters)`]);
});

test('claims 20,000 levels deep are kept 16 deep, so that the journal can be written as JSON', async () => {
  await postClaims(`{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  expect(JSON.stringify(last()?.assertion?.claims)).toBe(`{"deep":${'['.repeat(13)}"…"${']'.repeat(13)}}`);
});

test('of 10,000 claims in a list the first 200 are kept', async () => {
  await postClaims(JSON.stringify({ wide: Array.from({ length: 10_000 }, () => 1) }));
  expect(last()?.assertion?.claims).toEqual({ wide: [...Array.from({ length: 200 }, () => 1), '… (10000 members)'] });
});

test('a claim by the name of __proto__ is a claim like any other', async () => {
  await postClaims('{"__proto__":{"polluted":true},"iss":"i"}');
  expect(JSON.stringify(last()?.assertion?.claims)).toContain('"iss":"i"');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('hundreds of headers are kept as 200', async () => {
  await postText('', Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x-${index}`, '1'])));
  expect(Object.keys(last()?.headers ?? {})).toHaveLength(201);
});

test('a long answer is kept by its beginning', async () => {
  harness.mock.enqueue({ status: 400, body: 'b'.repeat(500_000) });
  await harness.post(harness.secretFields());
  expect(last()?.answer.body).toBe(`${'b'.repeat(4096)}… (500000 characters)`);
  expect(JSON.stringify(last()?.scripted)).toHaveLength(65_536 + 45);
});

test('eighty forms of 1 MiB push each other out before 64 MiB are held', async () => {
  const body = `a=${'x'.repeat(1_048_000)}`;
  for (let count = 0; count < 80; count += 10) await Promise.all(Array.from({ length: 10 }, () => postText(body)));
  const ids = harness.mock.journal.map(({ id }) => id);
  expect(ids.length).toBeLessThan(64);
  expect(ids.length).toBeGreaterThan(30);
  expect(ids.at(-1)).toBe(80);
  // What was dropped counts no longer.
  harness.mock.reset();
  for (let count = 0; count < 3; count += 1) await postText(body);
  expect(harness.mock.journal.map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('an exchange over 64 MiB is kept until the next one, so that whoever has an answer finds its entry', () => {
  const journal = createJournal({ capacity: 10 });
  const longest = 'x'.repeat(65_536);
  const tokenClaims = { lists: Array.from({ length: 6 }, () => Array.from({ length: 200 }, () => longest)) };
  const request = { method: 'GET', target: '/', headers: {}, body: '', listener: 'local' };
  const exchange = { request, outcome: { checks: [] }, answer: { status: 200, headers: {}, tokenClaims }, atMs: 0, durationMs: 0 };
  const ids = [1, 2].map(() => {
    journal.add(exchange as unknown as Parameters<typeof journal.add>[0]);
    return journal.entries().map(({ id }) => id);
  });
  expect(ids).toEqual([[1], [2]]);
});
