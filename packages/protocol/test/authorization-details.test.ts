import { expect, test } from 'vitest';
import { buildAuthorizationDetails, readAuthorizationDetails } from '../src/token-request/authorization-details.ts';
import { thrown } from './thrown.ts';

const circle: { type: string; self?: unknown } = { type: 'x' };
circle.self = circle;

test('EX-02: details go out as JSON in their order', () => {
  interface Payment {
    readonly type: string;
    readonly amount: { readonly value: string };
  }
  const payment: Payment = { type: 'payment_initiation', amount: { value: '123.50' } };
  expect(buildAuthorizationDetails([{ type: 'x', actions: ['read'] }, payment])).toBe(
    '[{"type":"x","actions":["read"]},{"type":"payment_initiation","amount":{"value":"123.50"}}]',
  );
});

test('EX-02: none are sent where none are asked for', () => {
  expect(buildAuthorizationDetails()).toBe('');
  expect(buildAuthorizationDetails([])).toBe('');
});

test.each([
  ['an object', { type: 'x' }],
  ['a text', '[{"type":"x"}]'],
  ['null', null],
  ['a function', () => []],
  ['a list with null', [null]],
  ['a list with a text', ['x']],
  ['a list in a list', [[{ type: 'x' }]]],
  ['an object without a type', [{ actions: [] }]],
  ['an empty type', [{ type: '' }]],
  ['a type that is no text', [{ type: 1 }]],
  ['one good and one bad', [{ type: 'x' }, {}]],
  ['a type that JSON leaves out', [{ type: () => 'x' }]],
  ['a circle', [circle]],
  ['a bigint', [{ type: 'x', amount: 1n }]],
  ['what turns itself into something else', [{ type: 'x', toJSON: () => 'x' }]],
  [
    'what fails on the way',
    [
      Object.defineProperty({ type: 'x' }, 'y', {
        enumerable: true,
        get: () => {
          throw new Error('marker');
        },
      }),
    ],
  ],
])('EX-02: %s is refused before anything is sent', (_, details) => {
  const error = thrown(() => buildAuthorizationDetails(details as never));
  expect(error).toMatchObject({ name: 'ProtocolError', code: 'invalid_parameter', message: expect.not.stringContaining('marker') });
});

test('EX-02: what was granted is read, as the server put it', () => {
  const granted = [{ type: 'account_information', access: { accounts: [{ iban: 'DE2310010010123456789' }] } }];
  const body = JSON.stringify({ access_token: 'a', token_type: 'Bearer', authorization_details: granted });
  expect(readAuthorizationDetails({ body })).toEqual(granted);
  expect(readAuthorizationDetails({ body: Buffer.from(body) })).toEqual(granted);
});

test.each(['{"access_token":"a"}', '[]', '<html>'])('EX-02: %s says nothing of what was granted', (body) => {
  expect(readAuthorizationDetails({ body })).toBeUndefined();
});

test.each(['null', '{"type":"x"}', '[{}]', '[{"type":1}]', '["marker"]'])('EX-02: the granted details %s are unreadable', (details) => {
  expect(thrown(() => readAuthorizationDetails({ body: `{"authorization_details":${details}}` }))).toMatchObject({
    code: 'invalid_response',
    message: expect.not.stringContaining('marker'),
  });
});
