/** The `scope` parameter: a set of case-sensitive tokens. RFC 6749 §3.3. */
import { ProtocolError, quote } from '../errors.ts';

/** One space-delimited string, or a list of such strings; order and repetition mean nothing. */
export type Scope = string | readonly string[];

/**
 * The scope tokens, each once, in their first order; empty if none was given.
 *
 * @throws {ProtocolError} `invalid_scope` if a token holds a character outside the grammar, or there is no text to read
 * @see RFC 6749 §3.3 https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function parseScope(scope: Scope | undefined): readonly string[] {
  const parts = typeof scope === 'string' ? [scope] : [scope ?? []].flat();
  for (const part of parts) {
    if (typeof part !== 'string')
      throw new ProtocolError('invalid_scope', `The scope is ${quote(part)}; give a text of tokens divided by spaces, or a list of them`);
  }
  // One token, as nearly always.
  if (parts.length === 1 && parts.every((part) => SCOPE_TOKEN.test(part))) return parts;
  const tokens = parts.flatMap((part) => part.split(' ')).filter((token) => token !== '');
  const wrong = tokens.find((token) => !SCOPE_TOKEN.test(token));
  if (wrong !== undefined) {
    throw new ProtocolError(
      'invalid_scope',
      `The scope ${quote(wrong)} holds a character outside RFC 6749 §3.3 (no quotes, backslashes, controls or non-ASCII)`,
    );
  }
  return [...new Set(tokens)];
}

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
