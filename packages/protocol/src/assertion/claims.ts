/** The claims of a client assertion. RFC 7523 §3, RFC 7519 §4.1. */
import { ProtocolError, quote } from '../errors.ts';

/**
 * Issuer and subject are the client; times are whole seconds.
 *
 * @param fields.nowMs  epoch milliseconds
 * @param fields.clockSkewSeconds  back-dates `nbf` and `iat` for a server whose clock is behind; `exp` stays
 * @param fields.extra  further claims; they may not replace the registered ones
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function buildAssertionClaims(fields: {
  readonly clientId: string;
  readonly audience: string;
  readonly id: string;
  readonly nowMs: number;
  readonly lifetimeSeconds: number;
  readonly clockSkewSeconds: number;
  readonly extra: Readonly<Record<string, unknown>>;
}): Readonly<Record<string, unknown>> {
  const { clientId, audience, id, nowMs, lifetimeSeconds, clockSkewSeconds, extra } = fields;
  requireTimes({ lifetimeSeconds, clockSkewSeconds });
  if (!Number.isFinite(nowMs))
    throw new ProtocolError('invalid_parameter', `nowMs is ${quote(nowMs)}; give the present time in epoch milliseconds`);
  if (typeof id !== 'string' || id === '')
    throw new ProtocolError('invalid_parameter', `uniqueId made ${quote(id)}; it must make a new text each time`);
  const now = Math.floor(nowMs / 1000);
  const startsAt = now - clockSkewSeconds;
  const claims = { aud: audience, exp: now + lifetimeSeconds, iss: clientId, sub: clientId, jti: id, nbf: startsAt, iat: startsAt };
  const taken = Object.keys(extra).find((name) => Object.hasOwn(claims, name));
  if (taken !== undefined) {
    throw new ProtocolError(
      'invalid_parameter',
      `The extra claim ${quote(taken)} would replace a registered one; use the option made for it`,
    );
  }
  return { ...claims, ...extra };
}

/**
 * Throws unless the times that were given are whole seconds within their limits.
 *
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function requireTimes(times: {
  readonly lifetimeSeconds?: number | undefined;
  readonly clockSkewSeconds?: number | undefined;
}): void {
  const { lifetimeSeconds = LONGEST_LIFETIME_SECONDS, clockSkewSeconds = 0 } = times;
  requireSeconds('lifetimeSeconds', lifetimeSeconds, SHORTEST_LIFETIME_SECONDS, LONGEST_LIFETIME_SECONDS);
  requireSeconds('clockSkewSeconds', clockSkewSeconds, 0, LONGEST_SKEW_SECONDS);
}

function requireSeconds(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ProtocolError('invalid_parameter', `${name} is ${quote(value)}; it must be a whole number from ${least} to ${most}`);
}

/** RFC 7523 §3 (4) lets a server refuse an expiry far ahead; Entra's page advises ten minutes at most. */
const LONGEST_LIFETIME_SECONDS = 600;
const SHORTEST_LIFETIME_SECONDS = 30;
const LONGEST_SKEW_SECONDS = 300;
