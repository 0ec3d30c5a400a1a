/** The error of this package. What the protocol refuses, before or after the network, stays a `ProtocolError`. */

/** What went wrong, as a closed set that a program may branch on. */
export type TokenSourceErrorCode =
  | 'invalid_configuration'
  | 'credential_unavailable'
  | 'untrusted_authority'
  | 'tenant_not_allowed'
  | 'network'
  | 'redirected'
  | 'timeout'
  | 'throttled'
  | 'refused_recently'
  | 'contradictory_token'
  | 'closed';

/** It says what happened, with which value, and what to do; it never holds a request, a response, a secret or a token. */
export class TokenSourceError extends Error {
  readonly code: TokenSourceErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;
  /** From when on the server takes requests again, epoch milliseconds. */
  declare readonly retryAtMs?: number;
  /** How many times a token was tried for; 0 if the error came before the first try. */
  readonly attempts: number;

  constructor(
    code: TokenSourceErrorCode,
    message: string,
    options: { readonly transient?: boolean; readonly retryAtMs?: number; readonly attempts?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TokenSourceError';
    this.code = code;
    this.transient = options.transient ?? false;
    if (options.retryAtMs !== undefined) this.retryAtMs = options.retryAtMs;
    this.attempts = options.attempts ?? 0;
  }
}

/** The same error, saying how many attempts were made before it was given up. */
export function withAttempts(error: TokenSourceError, attempts: number): TokenSourceError {
  const { code, message, transient, retryAtMs, cause } = error;
  return new TokenSourceError(code, attempts > 1 ? `${message} (after ${attempts} attempts)` : message, {
    transient,
    attempts,
    cause,
    ...(retryAtMs !== undefined && { retryAtMs }),
  });
}
