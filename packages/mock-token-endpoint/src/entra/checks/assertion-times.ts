/** Whether an assertion is presented within its time, and that time is short. RFC 7523 §3 items 4 to 6. */

import type { Assertion } from '../../assertion.ts';
import type { Checks } from '../../checks/checks.ts';
import { CLOCK_SKEW_MS, toMs } from '../../checks/numeric-date.ts';
import type { AadstsRefusal } from '../aadsts.ts';

/** Epoch milliseconds. */
interface Period {
  readonly startMs: number;
  readonly endMs: number;
  /** Until when it is taken, counting in the clock skew. */
  readonly acceptableUntilMs: number;
}

/** Passes for an assertion that is valid at `nowMs`, give or take the clock skew. */
export function checkPeriod(checks: Checks<AadstsRefusal>, { claims, nowMs }: { claims: Assertion['claims']; nowMs: number }): Period {
  const endMs = toMs(claims['exp']);
  const startMs = toMs(claims['nbf']) ?? toMs(claims['iat']) ?? nowMs;
  // One that is there and cannot be read is of no time at all.
  const hasBegun = ['nbf', 'iat'].every(
    (name) => claims[name] === undefined || (toMs(claims[name]) ?? Number.NaN) <= nowMs + CLOCK_SKEW_MS,
  );
  checks.require(endMs !== undefined && hasBegun && nowMs < endMs + CLOCK_SKEW_MS, {
    name: 'the assertion is within its time',
    section: 'RFC 7523 §3',
    refusal: outsideItsTime({ nowMs, startMs, endMs }),
  });
  return { startMs, endMs, acceptableUntilMs: endMs + CLOCK_SKEW_MS };
}

/** Passes for an assertion whose time is no longer than `longestSeconds`. */
export function checkLifetime(
  checks: Checks<AadstsRefusal>,
  { startMs, endMs, nowMs, longestSeconds }: { startMs: number; endMs: number; nowMs: number; longestSeconds: number },
): void {
  checks.require(endMs - startMs <= longestSeconds * 1000, {
    name: `the assertion lives ${Math.floor(longestSeconds / 60)} minutes at most`,
    section: 'Entra: certificate credentials',
    refusal: outsideItsTime({ nowMs, startMs, endMs }),
  });
}

function outsideItsTime({ nowMs, startMs, endMs }: { nowMs: number; startMs: number; endMs: number | undefined }): AadstsRefusal {
  return { aadsts: 700024, values: { now: isoTime(nowMs), start: isoTime(startMs), end: isoTime(endMs) } };
}

/** ISO 8601; what no `Date` can hold is named so. */
function isoTime(ms: number | undefined): string {
  return ms !== undefined && Math.abs(ms) <= LAST_DATE_MS ? new Date(ms).toISOString() : 'unreadable';
}

const LAST_DATE_MS = 8.64e15;
