/** The root error of this package, and the one way its messages show a value that came from outside. */

/** What went wrong, as a closed set that a program may branch on. */
export type ProtocolErrorCode =
  | 'invalid_tenant'
  | 'invalid_scope'
  | 'invalid_url'
  | 'invalid_parameter'
  | 'invalid_credential'
  | 'invalid_certificate'
  | 'certificate_key_mismatch'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'weak_key'
  | 'wrong_passphrase'
  | 'unsupported_algorithm'
  | 'unsupported_pkcs12'
  | 'invalid_response'
  | 'issuer_mismatch'
  | 'oauth_error';

/**
 * Every error this package throws. It says what happened, with which value, and what to do; it never holds a request, a
 * response, a secret, an assertion or a token.
 */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;

  constructor(code: ProtocolErrorCode, message: string, options: { readonly transient?: boolean; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProtocolError';
    this.code = code;
    this.transient = options.transient ?? false;
  }
}

/**
 * A value from outside, for a message: a text in quotes, on one line and cut to 200 characters; a number or the like as it is;
 * of an object only that it is one, since turning it into text runs what it holds.
 */
export function quote(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  const text = oneLine(value);
  return `"${text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text}"`;
}

/** A text in which nothing breaks a line of a log or turns its direction. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
}

const QUOTED_CHARACTERS = 200;
