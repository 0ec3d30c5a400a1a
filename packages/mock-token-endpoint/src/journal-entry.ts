/** One exchange as the journal keeps it: frozen, bounded, and of access tokens only a digest. */
import { createHash } from 'node:crypto';
import type { Check } from './checks/checks.ts';
import type { MockAnswer } from './faults/answer.ts';
import { keep, shorten } from './kept.ts';
import type { Outcome } from './outcome.ts';
import { readForm } from './server/form.ts';
import type { Answer, ListenerName, MockRequest } from './server/http.ts';

/**
 * One request and the answer it got. Client secrets and assertions stand here as received: a test wants to see them. What no honest client
 * sends is shortened: values deeper than 16, more than 200 members of one object, strings beyond 65,536 characters.
 */
export interface JournalEntry {
  /** Counts from 1, also past entries that the journal has dropped. */
  readonly id: number;
  /** When the request was answered, by the mock's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query as received, but for access tokens. */
  readonly path: string;
  /** As received, except that a token in `Authorization` is replaced by `sha256:` and its digest: two tokens can be told apart, none can be used. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The first value of each form field as received, but for an access token that is asked about, revoked or sent here: there is a digest in its
   * place too.
   */
  readonly form?: Readonly<Record<string, string>>;
  /** The name of a form field that came more than once. */
  readonly repeated?: string;
  readonly assertion?: { readonly header: object; readonly claims: object };
  /** What was checked, in order; the last one is the one that failed, if one did. */
  readonly checks: readonly Check[];
  /** The status that was sent, by rule or honestly; 0 when a rule had nothing sent. */
  readonly status: number;
  /** The `error` that was sent, or the API's error code. */
  readonly error?: string;
  readonly listener: ListenerName;
  /** As the request, or its access token, names them. */
  readonly tenant?: string;
  readonly clientId?: string;
  /** What was sent: its headers, and up to 4096 characters of its body with a digest in place of every token. */
  readonly answer: { readonly headers: Readonly<Record<string, string>>; readonly body?: string };
  /** The claims of the access token that was issued, or else of the one the request carried. */
  readonly tokenClaims?: object;
  /** What was scripted for this request, if anything was; with a digest in place of every token in its body. */
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

/** The entry number `id`; what is `undefined` is not in it. */
export function createEntry(id: number, { request, outcome, answer, scripted, atMs, durationMs }: Exchange): JournalEntry {
  const { assertion, checks, tenant, clientId } = outcome;
  const form = outcome.form && readForm(request);
  return keep({
    id,
    atMs,
    method: request.method,
    path: withoutJwt(request.target),
    headers: withoutToken(request.headers),
    form: form && withoutTokenFields(form.fields),
    repeated: form?.repeated,
    assertion,
    checks,
    status: answer.status,
    error: errorOf(answer.body),
    listener: request.listener,
    tenant,
    clientId,
    answer: { headers: answer.headers, body: bodyText(answer.body) },
    tokenClaims: answer.tokenClaims ?? outcome.tokenClaims,
    scripted: scripted && withoutTokensInBody(scripted),
    durationMs,
  }) as JournalEntry;
}

function withoutToken(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { authorization, dpop, ...others } = headers;
  const shown = Object.fromEntries(Object.entries(others).map(([name, value]) => [name, withoutJwt(value)]));
  return { ...shown, ...(dpop === undefined ? {} : { dpop }), ...shownAuthorization(authorization) };
}

function shownAuthorization(authorization: string | undefined): Readonly<Record<string, string>> {
  if (authorization === undefined) return {};
  // Basic carries a client secret, which tests want to see; what any other scheme carries is a token.
  if (/^basic /i.test(authorization)) return { authorization };
  const [, scheme = '', token = authorization] = /^(\S+) +(.+)$/.exec(authorization) ?? [];
  return { authorization: `${scheme} ${digestOf(token)}`.trimStart() };
}

function withoutTokenFields(form: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, TOKEN_MEMBERS.has(name) ? digestOf(value) : value]));
}

function withoutTokensInBody(scripted: MockAnswer): MockAnswer {
  if (!('body' in scripted)) return scripted;
  const { body } = scripted;
  return { ...scripted, body: typeof body === 'string' ? withoutJwt(body) : JSON.parse(toJson(body)) };
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return `${body.length} octets`;
  return shorten(typeof body === 'string' ? withoutJwt(body) : toJson(body), LONGEST_BODY);
}

function toJson(body: unknown): string {
  return JSON.stringify(body, (name, value) => {
    // A token that is no JWT is known by the member it stands in.
    if (TOKEN_MEMBERS.has(name)) return digestOf(String(value));
    return typeof value === 'string' ? withoutJwt(value) : value;
  });
}

function withoutJwt(text: string): string {
  return text.replace(JWT, digestOf);
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

const LONGEST_BODY = 4096;
// RFC 6749 §5.1 and RFC 6750 §2.2; RFC 7009 §2.1 and RFC 7662 §2.1.
const TOKEN_MEMBERS: ReadonlySet<string> = new Set(['access_token', 'token']);
// Also one that a fault has cut off.
const JWT = /(?<![\w-])eyJ[\w-]{8,}(?:(?:\.|%2e)[\w-]*){0,2}/gi;
