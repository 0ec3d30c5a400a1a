import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readClaimsChallenge } from '../src/challenge/claims-challenge.ts';
import { parseChallenges } from '../src/challenge/www-authenticate.ts';

// What a challenge looks like on the wire stands in vectors/claims-challenge.json.

const read = (claims: string): string | undefined => {
  const [challenge] = parseChallenges(`Bearer error="insufficient_claims", claims="${claims}"`);
  return challenge === undefined ? undefined : readClaimsChallenge(challenge);
};

test('ENT-51: any JSON object comes back as it was written, in either alphabet, padded or not', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 0, max: 2 }), (claims, indent) => {
      const json = JSON.stringify(claims, null, indent);
      const padded = Buffer.from(json, 'utf8').toString('base64');
      for (const encoded of [padded, padded.replace(/=+$/, ''), padded.replaceAll('+', '-').replaceAll('/', '_')]) {
        expect(read(encoded)).toBe(json);
      }
    }),
  );
});

test('ENT-51: a claims request has at most 16 KiB', () => {
  const ofBytes = (count: number): string => `{"a":"${'é'.repeat((count - 8) / 2)}"}`;
  const encode = (json: string): string => Buffer.from(json, 'utf8').toString('base64');
  expect(read(encode(ofBytes(16_384)))).toBe(ofBytes(16_384));
  expect(read(encode(`${ofBytes(16_384)} `))).toBeUndefined();
});

test.each(['', '=', '==', 'e30===', 'eyJh=IjoxfQ', 'e 30', 'e31', 'e3', 'null', 'bnVsbA==', '%7B%7D'])(
  'ENT-51: %j holds no claims request',
  (claims) => {
    expect(read(claims)).toBeUndefined();
  },
);

test('ENT-51: nothing that may stand in its place makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), (claims) => {
      const parameters = { error: 'insufficient_claims', claims };
      expect(['string', 'undefined']).toContain(typeof readClaimsChallenge({ scheme: 'bearer', parameters, malformed: false }));
    }),
  );
});
