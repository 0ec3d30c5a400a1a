/** Assertions made to break whoever reads them: each is refused as any other, soon, and the mock goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

// What `String()` cannot turn into text: a JSON object whose conversions are no functions.
const NO_TEXT = { toString: 1, valueOf: 1 };

test.each([
  ['typ', { header: { typ: NO_TEXT } }, 'invalid_request'],
  ['alg', { header: { alg: NO_TEXT } }, 'invalid_client'],
  ['x5t#S256', { header: { 'x5t#S256': NO_TEXT, x5t: 'a' } }, 'invalid_client'],
  ['iss and sub', { claims: { iss: NO_TEXT, sub: NO_TEXT } }, 'invalid_client'],
  ['exp', { claims: { exp: NO_TEXT } }, 'invalid_client'],
  ['aud', { claims: { aud: NO_TEXT } }, 'invalid_client'],
])('an object as %s is refused like any other wrong value', async (_, changes: { header?: object; claims?: object }, error) => {
  const { header = {}, claims = {} } = changes;
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head = '', body = '', signature] = (await harness.assertion({ claims })).split('.');
  const decoded = JSON.parse(Buffer.from(head, 'base64url').toString());
  const reply = await harness.post(harness.assertionFields([encode({ ...decoded, ...header }), body, signature].join('.')));
  expect([400, 401]).toContain(reply.status);
  expect(reply.json).toMatchObject({ error });
});

test('a jti that is no string is refused', async () => {
  const reply = await harness.post(harness.assertionFields(await harness.assertion({ claims: { jti: 7 } })));
  expect(reply.json).toMatchObject({ error: 'invalid_request', error_codes: [50027] });
});

test('a thumbprint of forty thousand equals signs is no thumbprint, and takes no time to see', async () => {
  const reply = await harness.post(harness.assertionFields(await harness.assertion({ header: { 'x5t#S256': '='.repeat(40_000) } })));
  expect(reply.json).toMatchObject({ error: 'invalid_client', error_codes: [700027] });
});

test('an answer repeats only a part of what a client sent at length', async () => {
  const reply = await harness.post({ ...harness.secretFields(), scope: `${'a'.repeat(100_000)}/.default` });
  expect(reply.json).toMatchObject({ error_codes: [500011] });
  expect(reply.text.length).toBeLessThan(2_000);
});
