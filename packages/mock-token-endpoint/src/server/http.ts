/** Requests and answers as plain data: what routes and checks work on, with no socket in sight. */

export interface MockRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; what came several times is joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host the client asked for; one of the listener's own. */
  readonly origin: string;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A string goes out as it is, `undefined` as an empty body, anything else as JSON. */
  readonly body?: unknown;
}
