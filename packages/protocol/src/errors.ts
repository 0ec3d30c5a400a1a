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
    this.name = new.target.name;
    this.code = code;
    this.transient = options.transient ?? false;
  }
}

/** A value from outside, quoted for a message: control characters shown as a space, cut to 200 characters. */
export function quote(value: unknown): string {
  const text = (typeof value === 'string' ? value : String(value)).replace(/\p{Cc}+/gu, ' ');
  return `"${text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text}"`;
}

const QUOTED_CHARACTERS = 200;
