/** The client identifier. RFC 6749 §2.2 and Appendix A.1. */
import { ProtocolError, quote } from './errors.ts';

/**
 * Throws unless the text is a client identifier: visible ASCII characters and spaces, at least one.
 *
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 6749 Appendix A.1 https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1
 */
export function requireClientId(clientId: string): void {
  if (typeof clientId === 'string' && VSCHARS.test(clientId)) return;
  throw new ProtocolError('invalid_parameter', `The client id is ${quote(clientId)}; it must be one or more visible ASCII characters`);
}

const VSCHARS = /^[\x20-\x7e]+$/;
