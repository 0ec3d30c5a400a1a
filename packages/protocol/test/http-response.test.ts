import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonObject, repeatedMember } from '../src/encoding/json.ts';
import { type HttpResponse, headerValue, isJson, successObject } from '../src/http-response.ts';

test('CC-23: a header is found whatever the case of its name, and its lines are joined', () => {
  expect(headerValue({ 'Retry-After': '7' }, 'retry-after')).toBe('7');
  expect(headerValue({ 'WWW-AUTHENTICATE': ['a', 'b'] }, 'www-authenticate')).toBe('a, b');
  expect(
    headerValue(
      new Headers([
        ['x', 'a'],
        ['X', 'b'],
      ]),
      'x',
    ),
  ).toBe('a, b');
  expect(headerValue({ x: undefined }, 'x')).toBeUndefined();
  expect(headerValue({ x: 7 } as unknown as HttpResponse['headers'], 'x')).toBeUndefined();
  expect(headerValue({}, 'x')).toBeUndefined();
  expect(headerValue(new Headers(), 'x')).toBeUndefined();
});

test.each([
  ['application/json', true],
  ['Application/JSON; charset=UTF-8', true],
  ['application/json;charset=utf-8', true],
  [' application/json ', true],
  ['application/problem+json', true],
  ['application/vnd.a-b.c+json', true],
  ['text/json', false],
  ['application/jsonp', false],
  ['application/x-json', false],
  ['application/+json', false],
  ['text/html, application/json', false],
  ['application/json, text/html', false],
  ['text/plain; x=application/json', false],
  ['', false],
])('CC-23: %j says that it is JSON: %s', (type, expected) => {
  expect(isJson({ 'content-type': type })).toBe(expected);
});

test('CC-23: without a media type nothing is said', () => {
  expect(isJson({})).toBe(false);
});

test('CC-24: text and octets of the same JSON are the same object', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (object) => {
      const json = JSON.stringify(object);
      expect(parseJsonObject(json)).toEqual(JSON.parse(json));
      expect(parseJsonObject(Buffer.from(json))).toEqual(JSON.parse(json));
      expect(parseJsonObject(`\uFEFF${json}`)).toEqual(JSON.parse(json));
    }),
  );
});

test.each(['', 'null', '7', '"a"', '[]', '{', '{}}', '\uFEFF\uFEFF{}', ' \uFEFF{}'])('CC-16, CC-24: %j is no JSON object', (body) => {
  expect(parseJsonObject(body)).toBeUndefined();
  expect(parseJsonObject(Buffer.from(body))).toBeUndefined();
});

test('CC-24: octets that are no UTF-8 are no JSON', () => {
  expect(parseJsonObject(Buffer.from('{"a":"é"}', 'latin1'))).toBeUndefined();
  expect(parseJsonObject(Buffer.from('{}', 'utf16le'))).toBeUndefined();
});

test.each([
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"b":2,"a":1}', 'a'],
  ['{"b":1,"b":2,"a":1,"a":2}', 'a'],
  ['{"c":1,"c":2}', undefined],
  ['\uFEFF{"b":1,"\\u0062":2}', 'b'],
  ['{"x":{"a":1},"a":1}', undefined],
])('CC-24: in %s what stands twice is %s', (body, expected) => {
  expect(repeatedMember(body, ['a', 'b'])).toBe(expected);
  expect(repeatedMember(Buffer.from(body), ['a', 'b'])).toBe(expected);
});

test('CC-24: a success is a JSON object with status 200, in which no decisive member stands twice', () => {
  const success = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"active":false,"a":1,"a":2,"active":true}' };
  expect(successObject(success)).toEqual({ active: true, a: 2 });
  expect(successObject(success, ['b'])).toEqual({ active: true, a: 2 });
  expect(successObject(success, ['b', 'active'])).toBeUndefined();
  expect(successObject({ ...success, body: '{"active":true}' }, ['active'])).toEqual({ active: true });
  expect(successObject({ ...success, body: '[]' }, ['active'])).toBeUndefined();
  expect(successObject({ ...success, status: 201 })).toBeUndefined();
  expect(successObject({ ...success, headers: {} })).toBeUndefined();
});
