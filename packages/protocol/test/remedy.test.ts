import { expect, test } from 'vitest';
import { remedyOf } from '../src/challenge/remedy.ts';
import { parseChallenges } from '../src/challenge/www-authenticate.ts';

// One challenge each stands in vectors/remedies.json; here is which of several counts.

const CLAIMS = 'Bearer error=insufficient_claims, claims=e30';

test.each([
  ['one that says why outweighs one that does not', 'Bearer realm=a, DPoP error=insufficient_scope', 'none'],
  ['in any order', 'DPoP error=insufficient_scope, Bearer realm=a', 'none'],
  ['a token that is no longer good can be renewed, whatever else is wrong', 'Bearer error=foo, DPoP error=invalid_token', 'renew'],
  ['other schemes beside it do not matter', 'Negotiate, Bearer realm=a, Basic error=foo', 'renew'],
  ['nor beside DPoP', 'Negotiate, DPoP algs=ES256', 'renew'],
  ['an unknown error is final', 'Bearer error=INVALID_TOKEN', 'none'],
  ['a nonce comes before a renewal', 'Bearer error=invalid_token, DPoP error=use_dpop_nonce', 'nonce'],
  ['claims come before everything', `DPoP error=use_dpop_nonce, Bearer error=invalid_token, ${CLAIMS}`, 'claims'],
  ['the first of two that can be read', `Bearer error=insufficient_claims, claims=x, ${CLAIMS}`, 'claims'],
  ['a step-up ends it', 'Bearer error=insufficient_user_authentication, DPoP algs=ES256', 'none'],
])('BR-06, BR-07, DP-08, ENT-51, SU-01: %s', (_, line, kind) => {
  expect(remedyOf(parseChallenges(line)).kind).toBe(kind);
});
