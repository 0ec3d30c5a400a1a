/** One AADSTS code as a row of the tables beside this file. Entra: authentication and authorization error codes. */

export interface AadstsEntry {
  readonly code: number;
  /** The `error` of RFC 6749 §5.2, or one of Entra's own. */
  readonly error: string;
  /** The HTTP status. */
  readonly status: number;
  /** `{name}` is a gap that a refusal fills. */
  readonly message: string;
  /** What an interactive client is told to do about it. */
  readonly suberror?: string;
  /** The claims that a token would have to carry: what the policy in the way names. */
  readonly claims?: object;
  readonly retryAfterSeconds?: number;
}

/** What a row may say beside its message. */
type Particulars = Partial<Pick<AadstsEntry, 'status' | 'suberror' | 'claims' | 'retryAfterSeconds'>>;

/** A row. Entra answers `invalid_client` with 401 and nearly everything else with 400; where a status differs, the row names it. */
export function row(code: number, error: string, message: string, particulars: Particulars = {}): AadstsEntry {
  return { code, error, status: error === 'invalid_client' ? 401 : 400, message, ...particulars };
}
