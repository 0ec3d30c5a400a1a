import { expect, test } from 'vitest';
import { readBearerChallenge } from '../src/challenge/bearer-challenge.ts';
import { readDpopChallenge } from '../src/challenge/dpop-challenge.ts';
import { remedyOf } from '../src/challenge/remedy.ts';
import { readStepUpChallenge } from '../src/challenge/step-up-challenge.ts';
import { parseChallenges } from '../src/challenge/www-authenticate.ts';

const nothing = {
  realm: undefined,
  scopes: [],
  error: undefined,
  errorDescription: undefined,
  errorUri: undefined,
  resourceMetadata: undefined,
};

test('BR-05: every parameter of RFC 6750 §3 is read', () => {
  const line =
    'Bearer realm="example", scope="urn:a  b", error="insufficient_scope", error_description="no\u0007 \\"b\\"", error_uri="https://e.example/1"';
  expect(parseChallenges(line).map(readBearerChallenge)).toEqual([
    {
      ...nothing,
      realm: 'example',
      scopes: ['urn:a', 'b'],
      error: 'insufficient_scope',
      errorDescription: 'no\u0007 "b"',
      errorUri: 'https://e.example/1',
    },
  ]);
});

test('BR-05: a parameter that comes twice counts once, the first', () => {
  expect(parseChallenges('Bearer scope=a, scope=b').map(readBearerChallenge)).toEqual([{ ...nothing, scopes: ['a'] }]);
});

test('BR-07: a challenge without parameters says nothing', () => {
  expect(parseChallenges('Bearer').map(readBearerChallenge)).toEqual([nothing]);
});

test('HTTP-06: another scheme is no Bearer challenge', () => {
  expect(parseChallenges('BEARER error=a, Basic error=b, DPoP error=c').map((challenge) => readBearerChallenge(challenge)?.error)).toEqual([
    'a',
    undefined,
    undefined,
  ]);
});

test('HTTP-10: where the resource describes itself is shown, and changes no decision', () => {
  const url = 'https://resource.example.com/.well-known/oauth-protected-resource';
  const challenges = parseChallenges(`Bearer error="invalid_token", resource_metadata="${url}"`);
  expect(challenges.map(readBearerChallenge)).toEqual([{ ...nothing, error: 'invalid_token', resourceMetadata: url }]);
  expect(remedyOf(challenges)).toEqual({ kind: 'renew' });
});

test('DP-11: a DPoP challenge lists algorithms, and what is unknown in it is passed over', () => {
  const line = 'DPoP error="invalid_token", error_description="Invalid DPoP key binding", algs="ES256 PS256", future=1';
  expect(parseChallenges(line).map(readDpopChallenge)).toEqual([
    {
      ...nothing,
      error: 'invalid_token',
      errorDescription: 'Invalid DPoP key binding',
      algorithms: ['ES256', 'PS256'],
      wantsNonce: false,
    },
  ]);
});

test('DP-08: a DPoP challenge may want a nonce', () => {
  const line = 'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"';
  expect(parseChallenges(line).map(readDpopChallenge)).toEqual([
    {
      ...nothing,
      error: 'use_dpop_nonce',
      errorDescription: 'Resource server requires nonce in DPoP proof',
      algorithms: [],
      wantsNonce: true,
    },
  ]);
  expect(parseChallenges('Bearer error=use_dpop_nonce, Basic error=use_dpop_nonce').map(readDpopChallenge)).toEqual([undefined, undefined]);
});

test.each(['Bearer', 'DPoP'])('SU-01: what a step-up challenge of %s wants is shown, and no token would do', (scheme) => {
  const challenges = parseChallenges(`${scheme} error="insufficient_user_authentication", acr_values="gold  silver", max_age="5"`);
  expect(challenges.map(readStepUpChallenge)).toEqual([{ acrValues: ['gold', 'silver'], maxAgeSeconds: 5 }]);
  expect(remedyOf(challenges)).toEqual({ kind: 'none' });
});

test.each([
  ['', undefined],
  [', max_age=0', 0],
  [', max_age=-1', undefined],
  [', max_age="5 "', undefined],
  [', max_age=x5', undefined],
  [', max_age=1.5', undefined],
  [`, max_age=${'9'.repeat(15)}`, 999_999_999_999_999],
  [`, max_age=${'9'.repeat(16)}`, undefined],
])('SU-01: the age in %j is %s', (parameters, maxAgeSeconds) => {
  const challenges = parseChallenges(`Bearer error=insufficient_user_authentication${parameters}`);
  expect(challenges.map(readStepUpChallenge)).toEqual([{ acrValues: [], maxAgeSeconds }]);
});

test.each(['Bearer error=invalid_token, acr_values=gold', 'Basic error=insufficient_user_authentication', 'Bearer acr_values=gold'])(
  'SU-01: %s is no step-up challenge',
  (line) => {
    expect(parseChallenges(line).map(readStepUpChallenge)).toEqual([undefined]);
  },
);
