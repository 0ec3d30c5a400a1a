/** The claims of a client assertion. RFC 7523 §3, RFC 7519 §4.1. */
import { ProtocolError, quote } from '../errors.ts';
import { addClaims, requireText } from '../jws/members.ts';
import { jwtId, numericDate } from '../jws/registered-claims.ts';

/**
 * Issuer and subject are the client; times are whole seconds.
 *
 * @param fields.audience  one text: of two audiences, either could use the assertion with the other
 * @param fields.uniqueId  makes the `jti`. Default: a random UUID
 * @param fields.nowMs  epoch milliseconds
 * @param fields.clockSkewSeconds  back-dates `nbf` and `iat` for a server whose clock is behind; `exp` stays
 * @param fields.extra  further claims, in a plain object; they may not replace the registered ones
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 7523 §3 https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function buildAssertionClaims(fields: {
  readonly clientId: string;
  readonly audience: string;
  readonly uniqueId: (() => string) | undefined;
  readonly nowMs: number;
  readonly lifetimeSeconds: number;
  readonly clockSkewSeconds: number;
  readonly extra: Readonly<Record<string, unknown>>;
}): Readonly<Record<string, unknown>> {
  const { clientId, audience, uniqueId, nowMs, lifetimeSeconds, clockSkewSeconds, extra } = fields;
  const aud = requireText(audience, "The assertion's audience");
  requireTimes({ lifetimeSeconds, clockSkewSeconds });
  const now = numericDate(nowMs);
  const startsAt = now - clockSkewSeconds;
  const exp = now + lifetimeSeconds;
  return addClaims({ aud, exp, iss: clientId, sub: clientId, jti: jwtId(uniqueId), nbf: startsAt, iat: startsAt }, extra);
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
