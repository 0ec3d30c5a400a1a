/** The nonces that servers hand out for DPoP proofs. RFC 9449 §8 and §9. */

import { parseJsonObject } from '../encoding/json.ts';
import { ProtocolError, quote } from '../errors.ts';
import { type HttpResponse, headerValue } from '../http-response.ts';

/**
 * The nonce for the next proof to the server that sent this answer, whatever its status; `undefined` if it sent none, or not
 * exactly one. Keep it by origin, and one server's from another.
 *
 * @see RFC 9449 §8.2 https://www.rfc-editor.org/rfc/rfc9449#section-8.2
 */
export function readDpopNonce(headers: HttpResponse['headers']): string | undefined {
  const nonce = headerValue(headers, 'dpop-nonce');
  return isNonce(nonce) ? nonce : undefined;
}

/**
 * The nonce with which to make a refused token request once more, with a new proof and a new assertion; `undefined` unless the
 * token endpoint asks for that.
 *
 * @see RFC 9449 §8 https://www.rfc-editor.org/rfc/rfc9449#section-8
 */
export function readDpopNonceDemand(response: HttpResponse): string | undefined {
  const isRefusal = response.status === 400 || response.status === 401;
  return isRefusal && parseJsonObject(response.body)?.['error'] === 'use_dpop_nonce' ? readDpopNonce(response.headers) : undefined;
}

/**
 * Throws unless this is a nonce, as `readDpopNonce` returns it.
 *
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 9449 §8.1 https://www.rfc-editor.org/rfc/rfc9449#section-8.1
 */
export function requireDpopNonce(nonce: string): void {
  if (isNonce(nonce)) return;
  throw new ProtocolError('invalid_parameter', `The DPoP nonce is ${quote(nonce)}; give what readDpopNonce returned`);
}

/** RFC 9449 §8.1: 1*NQCHAR. No space is among them, so that two header lines joined are none. */
function isNonce(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NONCE && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** It goes out with every proof; what is longer is no nonce but an attempt to make requests too large. */
const LONGEST_NONCE = 2048;
