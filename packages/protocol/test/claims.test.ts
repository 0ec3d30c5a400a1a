import { expect, test } from 'vitest';
import { encodeForm } from '../src/encoding/form.ts';
import { entraServer } from '../src/entra/authority.ts';
import { buildClaims } from '../src/token-request/claims.ts';
import { parameterFields } from '../src/token-request/parameters.ts';
import { thrown } from './thrown.ts';

const capabilities = ['cp1'];

test('ENT-50: the capability stands in the form as the page of claims requests shows it', () => {
  const fields = parameterFields({ scope: 'api/.default', capabilities }, entraServer({ tenant: 'contoso.com' }));
  expect(encodeForm(fields)).toBe(
    'scope=api%2F.default&claims=%7B%22access_token%22%3A%7B%22xms_cc%22%3A%7B%22values%22%3A%5B%22cp1%22%5D%7D%7D%7D',
  );
});

test('ENT-50: what a caller asks for stays, whatever its depth and order, and only the capability comes to it', () => {
  const claims = { id_token: { z: null }, access_token: { b: { value: [1, { x: 'ü' }] }, a: { essential: true } }, userinfo: {} };
  expect(JSON.parse(buildClaims({ claims: JSON.stringify(claims), capabilities }))).toEqual({
    ...claims,
    access_token: { ...claims.access_token, xms_cc: { values: ['cp1'] } },
  });
});

test('ENT-50: the same claims and capabilities make the same text, wherever xms_cc stood', () => {
  const merged = '{"access_token":{"xms_cc":{"values":["cp1"]},"a":null}}';
  expect(buildClaims({ claims: '{"access_token":{"a":null,"xms_cc":{"values":["cp1"]}}}', capabilities })).toBe(merged);
  expect(buildClaims({ claims: '{"access_token":{"a":null}}', capabilities })).toBe(merged);
});

test('ENT-52: a claims request of 16 KiB goes out as it came, and one octet more is refused', () => {
  const claims = (octets: number): string => `{"é":"${'x'.repeat(octets - 9)}"}`;
  expect(Buffer.byteLength(claims(16_384))).toBe(16_384);
  expect(buildClaims({ claims: claims(16_384) })).toBe(claims(16_384));
  expect(thrown(() => buildClaims({ claims: claims(16_385) }))).toMatchObject({ code: 'invalid_parameter' });
});

test('ENT-50: nesting that this runtime reads and cannot write is refused beside capabilities, and written where it can', () => {
  const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`;
  expect(buildClaims({ claims: `{"a":${deep}}` })).toBe(`{"a":${deep}}`);
  let outcome: unknown;
  try {
    outcome = buildClaims({ claims: `{"a":${deep}}`, capabilities });
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_parameter', message: expect.stringContaining('nests too deep') });
    return;
  }
  expect(outcome).toBe(`{"a":${deep},"access_token":{"xms_cc":{"values":["cp1"]}}}`);
});

test.each([
  ['marker', 'no JSON object'],
  ['{"access_token":"marker"}', 'unexpected access_token,'],
  ['{"access_token":{"xms_cc":["marker"]}}', 'unexpected access_token.xms_cc,'],
  ['{"access_token":{"xms_cc":{"values":"marker"}}}', 'unexpected access_token.xms_cc.values,'],
])('ENT-50: the message about %s says what is wrong (%s) and repeats no claim', (claims, words) => {
  const { message } = thrown(() => buildClaims({ claims, capabilities })) as Error;
  expect(message).toContain(words);
  expect(message).not.toContain('marker');
});

test.each([null, 7, { claims: {} }])('ENT-50: claims that are %j are refused, though no type let them through', (claims) => {
  expect(thrown(() => buildClaims({ claims: claims as unknown as string }))).toMatchObject({ code: 'invalid_parameter' });
});

test.each([null, 'cp1', [7], [''], ['cp1', '']])('ENT-50: capabilities that are %j are refused', (wrong) => {
  expect(thrown(() => buildClaims({ capabilities: wrong as string[] }))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('["cp1"]'),
  });
});
