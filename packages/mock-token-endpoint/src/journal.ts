/** The record of what the mock received and answered: bounded, frozen, and without access tokens. */
import { createHash } from 'node:crypto';
import type { Check } from './checks/checks.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, MockRequest } from './server/http.ts';

/** One request and the answer it got. Client secrets and assertions stand here as received: a test wants to see them. */
export interface JournalEntry {
  /** Counts from 1, also past entries that the journal has dropped. */
  readonly id: number;
  /** When the request was answered, by the mock's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query as received. */
  readonly path: string;
  /** As received, except that a token in `Authorization` is replaced by `sha256:` and its digest: two tokens can be told apart, none can be used. */
  readonly headers: Readonly<Record<string, string>>;
  /** The form fields as received. */
  readonly form?: Readonly<Record<string, string>>;
  readonly assertion?: { readonly header: object; readonly claims: object };
  /** What was checked, in order; the last one is the one that failed, if one did. */
  readonly checks: readonly Check[];
  /** The status that was sent, by rule or honestly. */
  readonly status: number;
  /** The `error` that was sent, or the API's error code. */
  readonly error?: string;
}

export interface Journal {
  /** The entries kept, oldest first: a copy that does not change. */
  entries(): readonly JournalEntry[];
  add(exchange: { request: MockRequest; outcome: Outcome; answer: Answer; atMs: number }): void;
  clear(): void;
}

export function createJournal(options: { readonly capacity: number }): Journal {
  const kept: JournalEntry[] = [];
  let count = 0;
  return {
    entries: () => Object.freeze([...kept]),
    add: ({ request, outcome, answer, atMs }) => {
      count += 1;
      const error = errorOf(answer.body);
      kept.push(
        deepFreeze({
          id: count,
          atMs,
          method: request.method,
          path: request.target,
          headers: withoutToken(request.headers),
          ...(outcome.form ? { form: outcome.form } : {}),
          ...(outcome.assertion ? { assertion: outcome.assertion } : {}),
          checks: outcome.checks,
          status: answer.status,
          ...(error === undefined ? {} : { error }),
        }),
      );
      if (kept.length > options.capacity) kept.shift();
    },
    clear: () => {
      kept.length = 0;
      count = 0;
    },
  };
}

function withoutToken(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { authorization } = headers;
  // Basic carries a client secret, which tests want to see; what any other scheme carries is a token.
  if (authorization === undefined || /^basic /i.test(authorization)) return headers;
  const [, scheme = '', token = authorization] = /^(\S+) +(.+)$/.exec(authorization) ?? [];
  const digest = createHash('sha256').update(token).digest('base64url');
  return { ...headers, authorization: `${scheme} sha256:${digest}`.trimStart() };
}

/** RFC 6749 §5.2: `error` is a string. Graph: it is an object with a `code`. */
function errorOf(body: unknown): string | undefined {
  const error = property(body, 'error');
  const code = typeof error === 'string' ? error : property(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Freezes `value` and all it holds; without recursion, since a client chooses how deep its claims go. */
function deepFreeze<T extends object>(value: T): T {
  const pending: object[] = [value];
  for (let next = pending.pop(); next; next = pending.pop()) {
    Object.freeze(next);
    pending.push(...Object.values(next).filter((member) => typeof member === 'object' && member !== null));
  }
  return value;
}
