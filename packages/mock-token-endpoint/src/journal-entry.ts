/** One exchange as the journal keeps it: frozen, and of access tokens only a digest. */
import { createHash } from 'node:crypto';
import type { Check } from './checks/checks.ts';
import type { MockAnswer } from './faults/answer.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, ListenerName, MockRequest } from './server/http.ts';

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
  readonly listener: ListenerName;
  /** As the request, or its access token, names them. */
  readonly tenant?: string;
  readonly clientId?: string;
  /** What was sent: its headers, and up to 4096 characters of its body with a digest in place of an access token. */
  readonly answer: { readonly headers: Readonly<Record<string, string>>; readonly body?: string };
  /** The claims of the access token that was issued, or else of the one the request carried. */
  readonly tokenClaims?: object;
  /** What was scripted for this request, if anything was. */
  readonly scripted?: MockAnswer;
  /** From the request's last octet to the answer's first, without a scripted delay. */
  readonly durationMs: number;
}

/** One exchange as the server saw it. */
export interface Exchange {
  readonly request: MockRequest;
  readonly outcome: Outcome;
  readonly answer: Answer;
  readonly scripted: MockAnswer | undefined;
  readonly atMs: number;
  readonly durationMs: number;
}

/** The entry number `id`. */
export function createEntry(id: number, { request, outcome, answer, scripted, atMs, durationMs }: Exchange): JournalEntry {
  const { form, assertion, tenant, clientId, checks } = outcome;
  const body = bodyText(answer.body);
  return deepFreeze({
    id,
    atMs,
    method: request.method,
    path: request.target,
    headers: withoutToken(request.headers),
    ...withoutUndefined({ form, assertion }),
    checks,
    status: answer.status,
    ...withoutUndefined({ error: errorOf(answer.body) }),
    listener: request.listener,
    ...withoutUndefined({ tenant, clientId }),
    answer: { headers: { ...answer.headers }, ...withoutUndefined({ body }) },
    ...withoutUndefined({ tokenClaims: copy(answer.tokenClaims ?? outcome.tokenClaims), scripted: copy(scripted) }),
    durationMs,
  }) as JournalEntry;
}

function withoutToken(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { authorization } = headers;
  // Basic carries a client secret, which tests want to see; what any other scheme carries is a token.
  if (authorization === undefined || /^basic /i.test(authorization)) return headers;
  const [, scheme = '', token = authorization] = /^(\S+) +(.+)$/.exec(authorization) ?? [];
  return { ...headers, authorization: `${scheme} ${digestOf(token)}`.trimStart() };
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return `${body.length} octets`;
  const text =
    typeof body === 'string' ? body : JSON.stringify(body, (name, value) => (name === 'access_token' ? digestOf(String(value)) : value));
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}… (${text.length} characters)` : text;
}

function digestOf(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('base64url')}`;
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

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

/** What is frozen must be the journal's own: a rule's answer is the caller's. */
function copy<T>(value: T): T {
  return value === undefined ? value : structuredClone(value);
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

const LONGEST_BODY = 4096;
