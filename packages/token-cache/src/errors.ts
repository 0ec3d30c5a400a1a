/** The one error class of this package. What `acquire` throws passes through as it is, and an aborted caller gets its signal's reason. */

/** What went wrong, as a closed set that a program may branch on. */
export type TokenCacheErrorCode = 'invalid_option' | 'closed' | 'deadline' | 'flight_timeout';

/** Every error the cache itself makes. It never holds a key or a value. */
export class TokenCacheError extends Error {
  readonly code: TokenCacheErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;

  constructor(code: TokenCacheErrorCode, message: string) {
    super(message);
    this.name = 'TokenCacheError';
    this.code = code;
    this.transient = code === 'deadline' || code === 'flight_timeout';
  }
}
