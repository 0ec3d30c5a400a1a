/** The token that a revocation or introspection request is about. RFC 7009 §2.1, RFC 7662 §2.1. */
import type { FormField } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';

/** A token, and perhaps of which type it is. */
export interface PresentedToken {
  token: string;
  /** `access_token`, `refresh_token` or another registered type; it only helps the server to find the token. Default: not sent. */
  tokenTypeHint?: string | undefined;
}

/**
 * The token and the hint as form fields.
 *
 * @throws {ProtocolError} `invalid_parameter`, without showing the token
 * @see RFC 7009 §2.1 https://www.rfc-editor.org/rfc/rfc7009#section-2.1
 */
export function presentedTokenFields({ token, tokenTypeHint }: PresentedToken): readonly FormField[] {
  if (typeof token !== 'string' || token === '')
    throw new ProtocolError('invalid_parameter', 'The token is empty or no text; give its value');
  if (tokenTypeHint === undefined) return [['token', token]];
  if (typeof tokenTypeHint !== 'string' || tokenTypeHint === '') {
    throw new ProtocolError(
      'invalid_parameter',
      `The tokenTypeHint is ${quote(tokenTypeHint)}; give a type such as "access_token", or none`,
    );
  }
  return [
    ['token', token],
    ['token_type_hint', tokenTypeHint],
  ];
}
