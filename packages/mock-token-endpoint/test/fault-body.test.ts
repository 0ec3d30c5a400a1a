/** Faults of a body that arrives whole, and answers that say something else than the honest one. */
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { curl } from './curl.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'faults' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const JSON_TYPE = 'application/json; charset=utf-8';
const askWith = (answer: MockAnswer, fields = harness.secretFields()) => {
  harness.mock.enqueue(answer);
  return curlToken(fields);
};
/** A token request by curl: its exit code, and head and body of the answer as they came. */
async function curlToken(fields: Record<string, string | undefined>) {
  const form = Object.entries(fields).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
  const { code, stdout } = await curl('-i', ...form, harness.mock.tokenEndpoint);
  const at = stdout.indexOf('\r\n\r\n');
  return {
    code,
    head: stdout.subarray(0, at).toString('latin1'),
    bytes: stdout.subarray(at + 4),
    body: stdout.subarray(at + 4).toString(),
  };
}

describe('the honest answer, spoilt', () => {
  test('truncated-json is a complete answer whose JSON stops in the middle', async () => {
    const { code, head, body } = await askWith({ fault: 'truncated-json' });
    expect(code).toBe(0);
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).toContain(`content-type: ${JSON_TYPE}`);
    expect(head).toContain(`content-length: ${body.length}`);
    expect(body).toMatch(/^\{"token_type":"Bearer",/);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
  });

  test('duplicate-keys has access_token twice, first the good one', async () => {
    const { head, body } = await askWith({ fault: 'duplicate-keys' });
    expect(head).toContain(`content-type: ${JSON_TYPE}`);
    expect(body).toMatch(/^\{"access_token":"eyJ[^"]+","token_type":"Bearer",.+,"access_token":"duplicate"\}$/);
    expect(body.match(/"access_token":/g)).toHaveLength(2);
  });

  test('duplicate-keys of a refusal has its error twice', async () => {
    const { body } = await askWith({ fault: 'duplicate-keys' }, { ...harness.secretFields(), client_secret: 'wrong' });
    expect(body).toMatch(/^\{"error":"invalid_client",.+,"error":"duplicate"\}$/);
  });

  test('duplicate-keys where the honest body is no JSON is an error twice', async () => {
    harness.mock.addRule({ answer: { fault: 'duplicate-keys' } });
    const { stdout } = await curl(`${harness.mock.authorityHost}/nowhere`);
    expect(String(stdout)).toBe('{"error":"invalid_request","error":"duplicate"}');
  });

  test('wrong-content-type announces the honest JSON as HTML', async () => {
    const { head, body } = await askWith({ fault: 'wrong-content-type' });
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head.match(/content-type: .*/gi)).toEqual(['content-type: text/html; charset=utf-8']);
    expect(JSON.parse(body).token_type).toBe('Bearer');
  });

  test('gzip-bomb is small on the wire and 32 MiB of JSON when unpacked', async () => {
    const { head, bytes } = await askWith({ fault: 'gzip-bomb' });
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head).toContain('content-encoding: gzip');
    expect(bytes.length).toBeLessThan(65_536);
    const unpacked = gunzipSync(bytes);
    expect([unpacked.length, JSON.parse(unpacked.toString())]).toEqual([32 * 1024 * 1024, {}]);
  });

  test('CC-21: long-token has a token of over 100 kB that is good', async () => {
    const { body } = await askWith({ fault: 'long-token' });
    const { access_token: token } = JSON.parse(body);
    expect(token.length).toBeGreaterThan(100_000);
    expect(harness.mock.journal[0]?.tokenClaims).toMatchObject({ tid: harness.mock.tenantId });
  });

  test('long-token leaves a refusal what it is', async () => {
    const { body } = await askWith({ fault: 'long-token' }, { ...harness.secretFields(), client_secret: 'wrong' });
    expect(JSON.parse(body).error_codes).toEqual([7000215]);
  });
});

describe('another answer', () => {
  test('html-502 is the page of a gateway', async () => {
    const { head, body } = await askWith({ fault: 'html-502' });
    expect(head).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(head).toContain('content-type: text/html');
    expect(body).toMatch(/^<html>/);
  });

  test('CC-31: error-200 is an error of RFC 6749 with status 200', async () => {
    const { head, body } = await askWith({ fault: 'error-200' });
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(JSON.parse(body)).toEqual({ error: 'invalid_request', error_description: 'The request was refused.' });
  });

  test('empty-403 has no body', async () => {
    const { head, body } = await askWith({ fault: 'empty-403' });
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(head).toContain('content-length: 0');
    expect(body).toBe('');
  });

  test('DP-07: endless-nonce refuses token requests with 400, use_dpop_nonce and another nonce each time', async () => {
    harness.mock.addRule({ answer: { fault: 'endless-nonce' } });
    const replies = [await harness.post(harness.secretFields()), await harness.post(harness.secretFields())];
    expect(replies.map(({ status, json }) => [status, json.error])).toEqual([
      [400, 'use_dpop_nonce'],
      [400, 'use_dpop_nonce'],
    ]);
    expect(new Set(replies.map(({ headers }) => headers['dpop-nonce'])).size).toBe(2);
  });

  test('DP-08: endless-nonce refuses API requests with 401, a DPoP challenge and another nonce each time', async () => {
    const token = await harness.accessToken();
    harness.mock.addRule({ answer: { fault: 'endless-nonce' } });
    const replies = [await harness.callApi('users', { token }), await harness.callApi('users', { token })];
    for (const { status, headers } of replies) {
      expect([status, headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^DPoP error="use_dpop_nonce",/)]);
    }
    expect(new Set(replies.map(({ headers }) => headers['dpop-nonce'])).size).toBe(2);
  });
});

test.each<MockAnswer>([
  { fault: 'truncated-json' },
  { fault: 'duplicate-keys' },
  { fault: 'reset-after-headers' },
  { fault: 'long-token' },
])('the journal has of the token in $fault only a digest', async (answer) => {
  await askWith(answer);
  const text = JSON.stringify(harness.mock.journal);
  expect(text).toContain('sha256:');
  expect(text).not.toMatch(/"eyJ|\\"eyJ/);
});
