/** What goes into a JWT's header and claims from outside: texts, and further claims that replace none. RFC 7515 §4, RFC 7519 §4. */
import { ProtocolError, quote } from '../errors.ts';
import { isPlainObject } from '../plain-object.ts';

/**
 * A text that says something.
 *
 * @param name  what it is, for the message: "The audience"
 * @throws {ProtocolError} `invalid_parameter` for anything else: JSON would leave it out, or write what names nothing
 */
export function requireText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ProtocolError('invalid_parameter', `${name} is ${quote(value)}; it must be one text`);
}

/**
 * These claims and further ones, which replace none of them.
 *
 * @param claims  the registered ones; `undefined` where one is not sent, but has an option of its own
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 7519 §4 https://www.rfc-editor.org/rfc/rfc7519#section-4
 */
export function addClaims(claims: Readonly<Record<string, unknown>>, further: unknown): Readonly<Record<string, unknown>> {
  if (!isPlainObject(further)) {
    throw new ProtocolError('invalid_parameter', `The extra claims are ${quote(further)}; give a plain object`);
  }
  // A copy: what is looked at here must be what is signed.
  const added = { ...further };
  const taken = Object.keys(added).find((name) => Object.hasOwn(claims, name));
  if (taken !== undefined) {
    throw new ProtocolError(
      'invalid_parameter',
      `The extra claim ${quote(taken)} would replace a registered one; use the option made for it`,
    );
  }
  // JSON drops a function; one named toJSON it would call, and sign what that makes in place of all claims.
  const functional = Object.keys(added).find((name) => typeof added[name] === 'function');
  if (functional !== undefined) {
    throw new ProtocolError('invalid_parameter', `The extra claim ${quote(functional)} is a function; give its value`);
  }
  return { ...claims, ...added };
}
