/**
 * Where a token may go: the one check for every URL that is about to get one, whoever wrote it. RFC 6750 §5.3.
 * Origins are compared after parsing; a prefix test would let `https://api.example.evil.test` pass for `https://api.example`.
 */
import { isLoopbackHost } from '@client-credentials/protocol';
import { ApiCallerError, printable } from './errors.ts';
import { originOf, Target } from './target.ts';

/** Where a caller's paths are appended, and which origins may see its token. */
export interface Egress {
  /** Its path ends with `/`. */
  readonly base: Target;
  readonly origins: ReadonlySet<string>;
  readonly allowHttpLoopback: boolean;
}

/**
 * Parses `baseUrl` and `origins` into what `resolveTarget` compares with.
 *
 * @throws {ApiCallerError} `invalid_configuration` for anything but https (or http on loopback, if allowed), and for user
 *   info, a query or a fragment; in `origins` for a path too
 */
export function readEgress(options: {
  readonly baseUrl: string;
  readonly origins: readonly string[] | undefined;
  readonly allowHttpLoopback: boolean;
}): Egress {
  const { origins, allowHttpLoopback } = options;
  const url = readDeclared('baseUrl', options.baseUrl, allowHttpLoopback);
  const base = new Target(originOf(url), url.pathname.replace(/\/?$/, '/'));
  return { base, origins: origins === undefined ? new Set([base.origin]) : readOrigins(origins, allowHttpLoopback), allowHttpLoopback };
}

/** @throws {ApiCallerError} `invalid_configuration` */
export function readOrigins(origins: readonly string[], allowHttpLoopback: boolean): ReadonlySet<string> {
  const declared = origins.map((value) => {
    const url = readDeclared('origins', value, allowHttpLoopback);
    if (url.pathname !== '/') throw misconfigured('origins', value, 'has a path; declare scheme, host and port only');
    return originOf(url);
  });
  return new Set(declared);
}

/**
 * The URL a reference stands for, of which it is certain that its origin was declared.
 *
 * @param reference  a path, appended to `baseUrl` with or without a leading `/`; or a full URL
 * @param from  for a link found in an answer: the URL of that answer, against which a relative link is resolved
 * @throws {ApiCallerError} `egress_refused`, before anybody is asked for a token
 * @see RFC 6750 §5.3 https://www.rfc-editor.org/rfc/rfc6750#section-5.3
 */
export function resolveTarget(egress: Egress, reference: string, from?: Target): Target {
  const target = resolve(egress, reference, from);
  if (!isDeclared(egress, target)) {
    throw refused(
      target.origin,
      `is not a declared origin (${[...egress.origins].join(', ') || 'none is'}); add it to \`origins\` if this token may go there`,
    );
  }
  return target;
}

/**
 * The URL a reference stands for, where neither a token nor anything else of the caller's goes with it: whoever handed it out has
 * put what authorises the request into the URL itself.
 *
 * @throws {ApiCallerError} `egress_refused` unless it is https, or http on loopback, if allowed
 */
export function resolvePreAuthenticated(egress: Egress, reference: string, from?: Target): Target {
  const target = resolve(egress, reference, from);
  if (isProtected(target.url, egress.allowHttpLoopback)) return target;
  throw refused(target.origin, 'is not https, and what the URL holds would be read on the way');
}

/** Whether the token may go to this URL. */
export function isDeclared({ origins }: Pick<Egress, 'origins'>, { origin }: Target): boolean {
  return origins.has(origin);
}

function resolve({ base }: Egress, reference: string, from: Target | undefined): Target {
  if (from === undefined && PLAIN_PATH.test(reference)) return new Target(base.origin, base.path + withoutSlash(reference));
  const trick = TRICKS.find(({ pattern }) => pattern.test(reference));
  if (trick !== undefined) throw refused(reference, trick.problem);
  // A path is appended as text: resolving `/users` against a base would drop the base's path.
  const isPath = from === undefined && !SCHEME.test(reference);
  const url = isPath ? parse(base.origin + base.path + withoutSlash(reference)) : parse(reference, from?.url);
  if (url === undefined) throw refused(reference, 'is not a URL');
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'would be called with user info; leave it out');
  return Target.of(url);
}

function withoutSlash(path: string): string {
  return path.startsWith('/') ? path.slice(1) : path;
}

function parse(text: string, from?: URL): URL | undefined {
  try {
    return new URL(text, from);
  } catch {
    return undefined;
  }
}

function readDeclared(option: string, value: string, allowHttpLoopback: boolean): URL {
  const url = parse(value);
  if (url === undefined) throw misconfigured(option, value, 'is not a URL; write it as https://host');
  if (url.username !== '' || url.password !== '') throw misconfigured(option, url.host, 'is given with user info; leave it out');
  if (/[?#\\]/.test(value)) throw misconfigured(option, originOf(url), 'is given with a query, a fragment or a backslash; leave it out');
  if (isProtected(url, allowHttpLoopback)) return url;
  throw misconfigured(option, originOf(url), 'is not https; plain http is for loopback hosts, with `allowHttpLoopback: true`');
}

/** Whether nobody on the way can read along. */
function isProtected(url: URL, allowHttpLoopback: boolean): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && allowHttpLoopback && isLoopbackHost(url.hostname));
}

function refused(value: string, problem: string): ApiCallerError {
  const shown = value.replace(/\?.*$/s, '').replace(/\/\/[^/]*@/, '//…@');
  return new ApiCallerError('egress_refused', `Nothing is sent: "${printable(shown)}" ${problem}`);
}

function misconfigured(option: string, value: string, problem: string): ApiCallerError {
  return new ApiCallerError('invalid_configuration', `\`${option}\`: "${printable(value)}" ${problem}`);
}

// What a URL parser silently repairs, and what a path built from somebody's data can be made to mean.
const TRICKS: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /\p{Cc}/u, problem: 'holds a control character' },
  { pattern: /^\s|\s$/u, problem: 'begins or ends with white space' },
  { pattern: /\\/, problem: 'holds a backslash, which URL parsers read as "/"; encode it as %5C' },
  { pattern: /^\/\//, problem: 'begins with "//", which would name another host' },
  { pattern: /#/, problem: 'holds a fragment, which is never sent; encode "#" as %23' },
  {
    pattern: /^[^?]*\/(\.|%2e){1,2}([/?]|$)|^(\.|%2e){1,2}([/?]|$)/i,
    problem: 'holds a "." or ".." segment; write the path it stands for',
  },
];
// What most paths are: nothing that could name a host, and nothing that a URL parser would write in another way, so that none is asked.
const PLAIN_PATH =
  /^\/?(?:[\w~!$&()*+,;=@-][\w~!$&()*+,;=@.-]*(?:\/[\w~!$&()*+,;=@-][\w~!$&()*+,;=@.-]*)*\/?)?(?:\?[\w~!$&()*+,;=@.:/%-]+)?$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
