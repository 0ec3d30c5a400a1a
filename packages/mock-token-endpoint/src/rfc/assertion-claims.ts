/** Who an assertion speaks of, whom it is for, when, and how often. RFC 7523 §3, RFC 10070 §4. */
import type { Assertion } from '../assertion.ts';
import type { Checks } from '../checks/checks.ts';
import { CLOCK_SKEW_MS, numericDateToMs } from '../checks/numeric-date.ts';
import type { Client } from '../directory/client.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { OAuthRefusal } from './answer.ts';
import { TOKEN_PATH } from './paths.ts';

interface ClaimsContext {
  readonly claims: Assertion['claims'];
  readonly client: Client;
  readonly request: MockRequest;
  readonly services: Services;
}

/** Passes for claims of this client, for this server, valid now and not used before. */
export function checkAssertionClaims(checks: Checks<OAuthRefusal>, context: ClaimsContext): void {
  const { claims, client, services } = context;
  const { iss, sub, jti } = claims;
  checks.require(sub === client.id && iss === sub, {
    name: 'iss and sub are the client',
    section: 'RFC 7523 §3',
    refusal: invalidAssertion('The iss and the sub of the client assertion are not both the client.'),
  });
  checkAudience(checks, context);
  const acceptableUntilMs = checkTimes(checks, context);
  checks.require(jti === undefined || typeof jti === 'string', {
    name: 'the jti, if there is one, is a string',
    section: 'RFC 7519 §4.1.7',
    refusal: invalidAssertion('The jti of the client assertion is not a string.'),
  });
  if (jti === undefined || !services.strictness.rfc.onceOnly) return;
  // Last, so that an assertion refused for anything else has not been used.
  checks.require(services.replays.use(['RFC', client.id, jti], { nowMs: services.clock.now(), expiresAtMs: acceptableUntilMs }), {
    name: 'the jti has not been used before',
    section: 'RFC 7523 §3',
    refusal: invalidAssertion('The jti of the client assertion has been used before.'),
  });
}

/** One value, as a string or alone in an array. Who takes more takes what another server may replay. */
function checkAudience(checks: Checks<OAuthRefusal>, { claims, request, services }: ClaimsContext): void {
  const endpoints = [services.authorityHost, request.origin].map((origin) => `${origin}${TOKEN_PATH}`);
  const expected = [services.issuer, ...(services.strictness.rfc.audiences === 'issuer' ? [] : endpoints)];
  const [audience, ...others] = [claims['aud']].flat();
  checks.require(typeof audience === 'string' && expected.includes(audience) && others.length === 0, {
    name: 'the audience is the issuer alone',
    section: 'RFC 10070 §4',
    refusal: invalidAssertion(`The aud of the client assertion is not ${services.issuer} alone.`),
  });
}

/** Returns until when the assertion is acceptable, epoch milliseconds. */
function checkTimes(checks: Checks<OAuthRefusal>, { claims, services }: ClaimsContext): number {
  const { strictness, clock } = services;
  const nowMs = clock.now();
  const expiresAtMs = numericDateToMs(claims['exp']);
  checks.require(expiresAtMs !== undefined && nowMs < expiresAtMs + CLOCK_SKEW_MS, {
    name: 'the assertion has an exp, and it is to come',
    section: 'RFC 7523 §3',
    refusal: invalidAssertion('The client assertion has expired, or has no exp.'),
  });
  for (const name of ['nbf', 'iat']) {
    checks.require(claims[name] === undefined || (numericDateToMs(claims[name]) ?? Number.NaN) <= nowMs + CLOCK_SKEW_MS, {
      name: `${name}, if there is one, is past`,
      section: 'RFC 7523 §3',
      refusal: invalidAssertion(`The ${name} of the client assertion is in the future.`),
    });
  }
  const startsAtMs = numericDateToMs(claims['iat']) ?? numericDateToMs(claims['nbf']) ?? nowMs;
  const { longestSeconds } = strictness.rfc;
  checks.require(expiresAtMs - startsAtMs <= longestSeconds * 1000, {
    name: 'the assertion lives no longer than allowed',
    section: 'RFC 7523 §3',
    refusal: invalidAssertion(`The client assertion lives longer than ${longestSeconds} seconds.`),
  });
  return expiresAtMs + CLOCK_SKEW_MS;
}

/** RFC 7521 §4.2.1: whatever is wrong with an assertion, the client has not authenticated. */
export function invalidAssertion(description: string): OAuthRefusal {
  return { error: 'invalid_client', description };
}
