import { expect, test } from 'vitest';
import { parseResource } from '../src/token-request/resource.ts';
import { thrown } from './thrown.ts';

const rfc = { profile: 'rfc' } as const;
const entra = { profile: 'entra' } as const;

test('EX-01: one, several or none; what is empty is none', () => {
  expect(parseResource('https://a.example/', rfc)).toEqual(['https://a.example/']);
  expect(parseResource(['urn:b', '', 'https://a.example/'], rfc)).toEqual(['urn:b', 'https://a.example/']);
  expect(parseResource(undefined, rfc)).toEqual([]);
  expect(parseResource('', entra)).toEqual([]);
});

test.each([
  'https://a.example/p;x/~?q=1&r=%C3%BC',
  'https://[::1]:8443/',
  "x-1.y+z:!$&'()*+,;=@",
  'urn:uuid:33336dcd-a239-444a-90ae-76d381c3e6d5',
])('EX-01: %s is an absolute URI and goes out as it is', (resource) => {
  expect(parseResource(resource, rfc)).toEqual([resource]);
});

test.each([
  '/relative',
  'no-scheme',
  'https:',
  '1https://a.example/',
  'https://a.example/#f',
  'https://a.example/#',
  'https://a.example/ x',
  'https://a.example/\n',
  'https://bücher.example/',
  'https://a.example/<x>',
  'https://a.example/"',
  'https://a.example/\\',
  'https://a.example/{x}',
  'https://a.example/^',
])('EX-01: %j is no absolute URI without a fragment', (resource) => {
  expect(thrown(() => parseResource(['https://a.example/', resource], rfc))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('RFC 8707 §2'),
  });
});

test.each([[7], [{}], [null], [undefined], [{ toString: () => 'urn:b' }], [[['urn:b']]]])(
  'EX-01: the list [%j] has something that is no text, and is refused',
  (resource) => {
    expect(thrown(() => parseResource([resource as unknown as string], rfc))).toMatchObject({ code: 'invalid_parameter' });
  },
);

test('ENT-03: Entra takes no resource, and the message shows the scope to use', () => {
  expect(thrown(() => parseResource(['', 'https://vault.azure.net'], entra))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringMatching(/"https:\/\/vault\.azure\.net".*"\{resource\}\/\.default"/),
  });
});
