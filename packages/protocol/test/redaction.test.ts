import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { encodeForm, encodeFormValue } from '../src/encoding/form.ts';
import { redact, secretsOf } from '../src/token-response/redaction.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { thrown } from './thrown.ts';

const longest = 8192;

test('SEC-08: a server that repeats the whole request gives none of it away', () => {
  const request = {
    headers: {
      authorization: `Basic ${Buffer.from('me:marker%2Bpassword').toString('base64')}`,
      DPoP: 'marker-dpop-proof',
      'X-IDENTITY-HEADER': 'marker-identity',
      secret: 'marker-fabric',
    },
    body: encodeForm([
      ['grant_type', 'client_credentials'],
      ['client_secret', 'marker secret/é'],
      ['client_assertion', 'marker-assertion'],
      ['assertion', 'marker-grant'],
      ['token', 'marker-token'],
      ['token', 'marker-second-token'],
    ]),
  };
  const repeated = [
    JSON.stringify(request),
    decodeURIComponent(request.body),
    'Authorization: Bearer marker.opaque.token',
    'marker+password',
    'marker%20secret%2F%C3%A9',
    'marker+secret%2f%c3%a9',
  ].join('\n');
  const error = thrown(() =>
    readTokenResponse(
      {
        status: 400,
        headers: {},
        body: JSON.stringify({ error: repeated, error_description: repeated, error_uri: repeated, suberror: repeated }),
      },
      { server: { profile: 'rfc' }, requestedAtMs: 0, request },
    ),
  );
  expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toMatch(/marker|bWFya2Vy/);
  expect(redact(repeated, { secrets: secretsOf(request), longest })).toMatchInlineSnapshot(`
    "{"headers":{"authorization":"Basic [redacted]","DPoP":"[redacted]","X-IDENTITY-HEADER":"[redacted]","secret":"[redacted]"},"body":"grant_type=client_credentials&client_secret=[redacted]&client_assertion=[redacted]&assertion=[redacted]&token=[redacted]&token=[redacted]"}
    grant_type=client_credentials&client_secret=[redacted]&client_assertion=[redacted]&assertion=[redacted]&token=[redacted]&token=[redacted]
    Authorization: Bearer [redacted]
    [redacted]
    [redacted]
    [redacted]"
  `);
});

test('SEC-08: a secret that holds another one is taken out whole, in whatever order they were sent', () => {
  const body = (one: string, other: string): string =>
    encodeForm([
      ['client_secret', one],
      ['token', other],
    ]);
  for (const sent of [body('marker', 'marker-and-more'), body('marker-and-more', 'marker')]) {
    expect(redact('<marker-and-more>', { secrets: secretsOf({ headers: {}, body: sent }), longest })).toBe('<[redacted]>');
  }
});

test('SEC-08: a secret of six characters is looked for, and a shorter one is not: it would be found everywhere', () => {
  const secrets = secretsOf({ headers: {}, body: 'client_secret=abcdef&token=error' });
  expect(redact('error: abcdef', { secrets, longest })).toBe('error: [redacted]');
});

test('SEC-08: each way to write a secret is known', () => {
  const secrets = secretsOf({ headers: {}, body: encodeForm([['client_secret', "marker ~!'/"]]) });
  const ways = ["marker ~!'/", "marker+~!'/", 'marker+~%21%27%2F', "marker%20~!'%2F", 'marker+%7E%21%27%2F', 'marker+%7e%21%27%2f'];
  for (const way of ways) expect(redact(`<${way}>`, { secrets, longest })).toBe('<[redacted]>');
});

test('SEC-08: a secret is known within JSON and within HTML', () => {
  const secrets = secretsOf({ headers: {}, body: encodeForm([['client_secret', `mark"&<>'er\\`]]) });
  for (const written of [`mark\\"&<>'er\\\\`, `mark&quot;&amp;&lt;&gt;&#39;er\\`]) {
    expect(redact(`<${written}>`, { secrets, longest })).toBe('<[redacted]>');
  }
});

test.each([null, undefined, 'client_secret=x', {}, { body: '' }, { headers: null, body: '' }, { headers: {} }, { headers: {}, body: 7 }])(
  'SEC-08: in %j no secrets are looked for, since it is no request',
  (request) => {
    expect(thrown(() => secretsOf(request as unknown as Parameters<typeof secretsOf>[0]))).toMatchObject({
      code: 'invalid_parameter',
      message: expect.stringContaining('without headers and body'),
    });
  },
);

test('SEC-08: a password that was joined raw is known as it is, and only what stands behind the first colon is one', async () => {
  const context = {
    server: { profile: 'rfc', issuer: 'i', tokenEndpoint: 't' },
    clientId: 'my-client',
    nowMs: 0,
    uniqueId: () => '',
  } as const;
  const { headers = {} } = await clientSecretBasic({ secret: 'marker+%41:x', encoding: 'raw' }).apply(context);
  const secrets = secretsOf({ headers, body: '' });
  expect(redact('my-client <marker+%41:x>', { secrets, longest })).toBe('my-client <[redacted]>');
});

test('SEC-08: the password of Basic is known in its form-encoded and its plain form', async () => {
  const context = { server: { profile: 'rfc', issuer: 'i', tokenEndpoint: 't' }, clientId: 'a:b', nowMs: 0, uniqueId: () => '' } as const;
  const { headers = {} } = await clientSecretBasic({ secret: 'marker +%é' }).apply(context);
  const secrets = secretsOf({ headers, body: '' });
  for (const written of ['marker +%é', 'marker+%2B%25%C3%A9', 'marker%20%2B%25%C3%A9', headers['authorization']?.slice(6) ?? '']) {
    expect(redact(`<${written}>`, { secrets, longest })).toBe('<[redacted]>');
  }
  expect(secrets).not.toContain('a%3Ab');
});

test.each([
  ['eyJhbGciOi.eyJzdWIi.c2ln', '[redacted]'],
  ['eyJhbGciOi.eyJzdWIi.', '[redacted]'],
  ['(eyJh.a.b.c.d)', '([redacted])'],
  ['eyJhbGciOi.eyJzdWIi', 'eyJhbGciOi.eyJzdWIi'],
  ['Bearer abcdefgh', 'Bearer [redacted]'],
  ['dpop   a.b~c+d/e-f==', 'dpop [redacted]'],
  ['BASIC bWU6eA==', 'BASIC [redacted]'],
  ['Bearer tokens7', 'Bearer tokens7'],
])('SEC-08: %j is printed as %j, though no secret was sent', (text, printed) => {
  expect(redact(text, { secrets: [], longest })).toBe(printed);
});

test('SEC-08: a text is cut where it is said to be, after the secrets are out', () => {
  expect(redact('abcdef', { secrets: [], longest: 3 })).toBe('abc');
  expect(redact('so eyJhbGciOi.eyJz', { secrets: [], longest: 18 })).toBe('so eyJhbGciOi.eyJz');
  expect(redact('so eyJhbGciOi.eyJzdWIi.c2ln', { secrets: [], longest: 18 })).toBe('so ');
  expect(redact('so eyJhbG here and there', { secrets: [], longest: 18 })).toBe('so eyJhbG here and');
  expect(redact('ab-marker-secret', { secrets: ['marker-secret'], longest: 8 })).toBe('ab-[reda');
});

test('SEC-08: planted secrets are never left, however they are written and whatever stands around them', () => {
  const secret = fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 40 });
  const written = fc.constantFrom<(text: string) => string>(
    (text) => text,
    encodeFormValue,
    encodeURIComponent,
    (text) => new URLSearchParams([['', text]]).toString().slice(1),
    (text) => JSON.stringify(text).slice(1, -1),
  );
  fc.assert(
    fc.property(secret, secret, written, fc.string(), (one, other, write, around) => {
      const request = {
        headers: {},
        body: encodeForm([
          ['client_secret', one],
          ['client_assertion', other],
        ]),
      };
      const text = `${around} <${write(one)}> ${around} <${write(other)}>`;
      const printed = redact(text, { secrets: secretsOf(request), longest: 100_000 });
      for (const planted of [one, other, write(one), write(other)])
        expect(printed.includes(planted) && !'[redacted]'.includes(planted)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('SEC-08: hostile texts of a megabyte are read in linear time', () => {
  const secrets = secretsOf({ headers: {}, body: 'client_secret=aaaaaaab' });
  for (const text of ['a', 'eyJ', 'eyJ-', 'eyJ.', 'Basic ', 'Basic', ' ']) {
    expect(redact(text.repeat(2 ** 20 / text.length), { secrets, longest }).length).toBeLessThanOrEqual(2 * longest);
  }
});
