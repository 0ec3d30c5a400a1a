/** The one error class of this package. What `acquire` throws passes through as it is, and an aborted caller gets its signal's reason. */

/** What went wrong, as a closed set that a program may branch on. */
export type TokenCacheErrorCode =
  | 'invalid_option'
  | 'closed'
  | 'deadline'
  | 'flight_timeout'
  | 'refused_recently'
  | 'store_unavailable'
  | 'store_timeout';

/** Every error the cache itself makes. It never holds a key or a value. */
export class TokenCacheError extends Error {
  readonly code: TokenCacheErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;
  /** `refused_recently`: until when the refusal is remembered, epoch milliseconds. */
  readonly retryAtMs?: number;
  /** `store_unavailable`: one word of what the store or its server said, such as `READONLY`. */
  readonly reason?: string;

  constructor(
    code: TokenCacheErrorCode,
    message: string,
    { cause, retryAtMs, reason }: { cause?: unknown; retryAtMs?: number; reason?: string } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TokenCacheError';
    this.code = code;
    this.transient = TRANSIENT.has(code);
    if (retryAtMs !== undefined) this.retryAtMs = retryAtMs;
    if (reason !== undefined) this.reason = reason;
  }
}

const TRANSIENT: ReadonlySet<TokenCacheErrorCode> = new Set(['deadline', 'flight_timeout', 'store_unavailable', 'store_timeout']);
