/**
 * When a value is fresh, due for renewal, or expired. Two points in time decide, both computed once from the value alone:
 * from the due point on it is renewed in the background, from the hard point on callers wait for a new one.
 */

/** Anything that expires. All times are epoch milliseconds. */
export interface Expiring {
  /** From here on the value is worthless. A value whose expiry is not finite is never served. */
  readonly expiresAtMs: number;
  /** When its maker advises to renew it. */
  readonly refreshAtMs?: number | undefined;
  /** When its lifetime began. Absent: the lifetime is unknown, and the longest margin applies. */
  readonly receivedAtMs?: number | undefined;
}

/** `fresh`: use it. `due`: use it and renew it in the background. `expired`: wait for a new one. */
export type Freshness = 'fresh' | 'due' | 'expired';

export interface FreshnessPolicy {
  /** The hard point lies this long before the expiry, but never more than a tenth of the lifetime. Default 60 000 ms. */
  readonly marginMs?: number | undefined;
  /**
   * The due point of a value without `refreshAtMs` lies this long before the hard point, but never in the first half of the
   * lifetime. Default 300 000 ms, and half the lifetime if that is two hours or more.
   */
  readonly refreshBeforeMs?: number | undefined;
  /**
   * Where the due point falls around its nominal place, so that many processes do not renew together: from -1, earliest, to 1,
   * latest, of a tenth of the time between due and hard point, at most 300 000 ms. Default 0; a cache draws it once per value.
   */
  readonly jitter?: number | undefined;
}

/** The two points of a value, in epoch milliseconds; `dueAtMs` is never after `hardAtMs`, and that never after the expiry. */
export interface RefreshPoints {
  readonly dueAtMs: number;
  readonly hardAtMs: number;
}

/** How fresh a value is at a moment. Pure; as time goes on the answer only moves from `fresh` over `due` to `expired`. */
export function freshnessAt(nowMs: number, value: Expiring, policy?: FreshnessPolicy): Freshness {
  return freshnessBetween(nowMs, refreshPoints(value, policy));
}

/** The same decision from points computed before. A time that is no number counts as after both. */
export function freshnessBetween(nowMs: number, { dueAtMs, hardAtMs }: RefreshPoints): Freshness {
  if (nowMs < dueAtMs) return 'fresh';
  return nowMs < hardAtMs ? 'due' : 'expired';
}

/** Both points of a value. A value whose expiry is not finite has them in the endless past. */
export function refreshPoints(value: Expiring, policy: FreshnessPolicy = {}): RefreshPoints {
  const { expiresAtMs, receivedAtMs } = value;
  if (!Number.isFinite(expiresAtMs)) return { dueAtMs: Number.NEGATIVE_INFINITY, hardAtMs: Number.NEGATIVE_INFINITY };

  const lifetimeMs = receivedAtMs === undefined ? Number.POSITIVE_INFINITY : expiresAtMs - receivedAtMs;
  const hardAtMs = expiresAtMs - Math.max(0, Math.min(policy.marginMs ?? MARGIN_MS, lifetimeMs / 10));
  // However long before the hard point, a value is not due in the first half of its life: a long-lived one is due right there.
  const isLongLived = receivedAtMs !== undefined && lifetimeMs >= LONG_LIFETIME_MS;
  const refreshBeforeMs = policy.refreshBeforeMs ?? (isLongLived ? lifetimeMs : REFRESH_BEFORE_MS);
  const nominalAtMs = Math.min(hardAtMs, value.refreshAtMs ?? Math.max(expiresAtMs - lifetimeMs / 2, hardAtMs - refreshBeforeMs));
  const spreadMs = Math.min(LONGEST_JITTER_MS, (hardAtMs - nominalAtMs) / 10);
  return { dueAtMs: Math.min(hardAtMs, nominalAtMs + (policy.jitter ?? 0) * spreadMs), hardAtMs };
}

const MARGIN_MS = 60_000;
const REFRESH_BEFORE_MS = 300_000;
const LONG_LIFETIME_MS = 7_200_000;
const LONGEST_JITTER_MS = 300_000;
