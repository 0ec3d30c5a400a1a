/** The claims that every JWT made here has in common: instants and ids. RFC 7519 §2 and §4.1; for an assertion also RFC 7523 §3. */
import { randomUUID } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';

/**
 * A JWT's NumericDate: whole seconds since 1970.
 *
 * @param nowMs  epoch milliseconds
 * @throws {ProtocolError} `invalid_parameter` if this is no instant
 * @see RFC 7519 §2 https://www.rfc-editor.org/rfc/rfc7519#section-2
 */
export function numericDate(nowMs: number): number {
  if (typeof nowMs !== 'number' || Number.isNaN(new Date(nowMs).getTime())) {
    throw new ProtocolError('invalid_parameter', `nowMs is ${quote(nowMs)}; give the present time in epoch milliseconds`);
  }
  return Math.floor(nowMs / 1000);
}

/**
 * A JWT's `jti`, for this JWT alone.
 *
 * @param uniqueId  default: a random UUID, of 122 random bits
 * @throws {ProtocolError} `invalid_parameter` if it is no function, or makes anything but a text
 * @see RFC 7519 §4.1.7 https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7
 */
export function jwtId(uniqueId: () => string = randomUUID): string {
  if (typeof uniqueId !== 'function') {
    throw new ProtocolError('invalid_parameter', `uniqueId is ${quote(uniqueId)}; give a function that makes a new text each time`);
  }
  const id = uniqueId();
  if (typeof id === 'string' && id !== '') return id;
  throw new ProtocolError('invalid_parameter', `uniqueId made ${quote(id)}; it must make a new text each time`);
}
