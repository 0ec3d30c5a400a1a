/** The errors of this package, and the one way their messages show a value that came from outside. */
import { oneLine } from '@client-credentials/protocol';

/** What went wrong, as a closed set that a program may branch on. */
export type ApiCallerErrorCode =
  | 'invalid_configuration'
  | 'egress_refused'
  | 'reserved_header'
  | 'no_token'
  | 'network'
  | 'timeout'
  | 'too_large'
  | 'redirect_refused'
  | 'page_loop'
  | 'resync_required'
  | 'response_error'
  | 'closed';

/**
 * Every error this package throws, but for two kinds that pass through unchanged: what the token provider threw, and the
 * `reason` of a caller's signal. It never holds a request, a header, a body or a token.
 */
export class ApiCallerError extends Error {
  readonly code: ApiCallerErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly transient: boolean;

  constructor(code: ApiCallerErrorCode, message: string, options: { readonly transient?: boolean } = {}) {
    super(message);
    this.name = 'ApiCallerError';
    this.code = code;
    this.transient = options.transient ?? false;
  }
}

/** What is known of an answer that could not be returned. */
export interface ResponseFacts {
  readonly status: number;
  readonly method: string;
  /** The path alone: a query may hold what nobody wants in a log. */
  readonly path: string;
  /** `request-id` or `x-ms-request-id`: what the API's support asks for. */
  readonly requestId?: string;
  /** The API's own error code: OData's `error.code`, or the `type` of RFC 9457 problem details. */
  readonly apiCode?: string;
  /** The API's own words, at most 1,000 characters, without control characters. */
  readonly apiMessage?: string;
  /** From `Retry-After`: when to try again, epoch milliseconds. */
  readonly retryAtMs?: number;
  /** The application roles in the token that was sent, where the answer is 403 and the token can be read. */
  readonly tokenRoles?: readonly string[];
}

/** The API answered, and the answer is a refusal or cannot be read. `code` is `response_error`. */
export class ApiResponseError extends ApiCallerError implements ResponseFacts {
  declare readonly status: number;
  declare readonly method: string;
  declare readonly path: string;
  declare readonly requestId?: string;
  declare readonly apiCode?: string;
  declare readonly apiMessage?: string;
  declare readonly retryAtMs?: number;
  declare readonly tokenRoles?: readonly string[];

  constructor(message: string, facts: ResponseFacts) {
    super('response_error', message, { transient: TRANSIENT_STATUSES.has(facts.status) });
    this.name = 'ApiResponseError';
    Object.assign(this, facts);
  }
}

/** A value from outside as it may stand in a message: on one line, and cut to `maxCharacters`. */
export function printable(value: unknown, maxCharacters = 200): string {
  const text = oneLine(String(value));
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}

const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
