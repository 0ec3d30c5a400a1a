/** Whether an assertion is presented within its time, and that time is short. RFC 7523 §3 items 4 to 6. */

import type { Assertion } from '../assertion.ts';
import type { AadstsRefusal } from '../entra/aadsts.ts';
import type { Checks } from './checks.ts';
import { CLOCK_SKEW_MS, toMs } from './numeric-date.ts';

/** Passes for an assertion that is valid at `nowMs`, give or take the clock skew; returns until when it stays acceptable, epoch milliseconds. */
export function checkTimes(checks: Checks<AadstsRefusal>, { claims, nowMs }: { claims: Assertion['claims']; nowMs: number }): number {
  const endMs = toMs(claims['exp']);
  const startMs = toMs(claims['nbf']) ?? toMs(claims['iat']) ?? nowMs;
  const refusal: AadstsRefusal = {
    aadsts: 700024,
    values: { now: isoTime(nowMs), start: isoTime(startMs), end: isoTime(endMs) },
  };
  checks.require(endMs !== undefined && startMs <= nowMs + CLOCK_SKEW_MS && nowMs < endMs + CLOCK_SKEW_MS, {
    name: 'the assertion is within its time',
    section: 'RFC 7523 §3',
    refusal,
  });
  checks.require(endMs - startMs <= LONGEST_LIFETIME_MS, {
    name: 'the assertion lives 10 minutes at most',
    section: 'Entra: certificate credentials',
    refusal,
  });
  return endMs + CLOCK_SKEW_MS;
}

/** ISO 8601; what no `Date` can hold is named so. */
function isoTime(ms: number | undefined): string {
  return ms !== undefined && Math.abs(ms) <= LAST_DATE_MS ? new Date(ms).toISOString() : 'unreadable';
}

// Ten minutes, and a second for clients that round `exp` and `iat` differently.
const LONGEST_LIFETIME_MS = 601_000;
const LAST_DATE_MS = 8.64e15;
