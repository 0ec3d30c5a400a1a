/** Takes out of a server's words what must not be printed: servers repeat what they were sent, whole or in part. */
import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { encodeFormValue } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { headerValue } from '../http-response.ts';

/**
 * The text, cut to `longest` characters, without these secrets, without what looks like a JWT, and without what follows an
 * authentication scheme. It is cut after the secrets were taken out, so that no part of one is left at its end.
 *
 * @param options.secrets  the longest first, as `secretsOf` gives them: of one that holds another nothing is left over
 */
export function redact(text: string, { secrets, longest }: { readonly secrets: readonly string[]; readonly longest: number }): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  // Of a JWT across the cut there are no three parts left to know it by.
  const cut = known.length > longest ? known.slice(0, longest).replace(/\beyJ[\w.-]*$/, '') : known;
  return cut.replace(/\beyJ[\w-]*(\.[\w-]*){2,}/g, REDACTED).replace(/\b(Basic|Bearer|DPoP) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`);
}

/**
 * Throws unless this is a request as it was sent, so that its secrets can be found.
 *
 * @throws {ProtocolError} `invalid_parameter`
 */
export function requireSentRequest(request: Pick<TokenRequest, 'headers' | 'body'>): void {
  if (typeof request?.body === 'string' && typeof request.headers === 'object' && request.headers !== null) return;
  throw new ProtocolError(
    'invalid_parameter',
    `The request is ${quote(request)} without headers and body; give the one that was sent, or leave it out`,
  );
}

/**
 * The secrets in a request, in each way of writing them, the longest first. Very short ones are left: they would be found
 * everywhere.
 *
 * @throws {ProtocolError} `invalid_parameter` for what is no request
 */
export function secretsOf(request: Pick<TokenRequest, 'headers' | 'body'>): readonly string[] {
  requireSentRequest(request);
  const { headers, body } = request;
  const form = new URLSearchParams(body);
  const sent = [
    ...SECRET_FIELDS.flatMap((name) => form.getAll(name)),
    ...SECRET_HEADERS.map((name) => headerValue(headers, name)?.replace(/^\S+ /, '') ?? ''),
  ];
  const password = passwordOf(headerValue(headers, 'authorization') ?? '');
  const written = [...sent, password, ...formDecoded(password)].flatMap(waysToWrite);
  return [...new Set(written)].filter((secret) => secret.length >= SHORTEST_SECRET).toSorted((one, other) => other.length - one.length);
}

/** As it is, half decoded, within JSON or HTML, and percent-encoded by each set of rules, with escapes in either case: .NET writes `%2f`. */
function waysToWrite(secret: string): readonly string[] {
  const ways = [
    secret,
    secret.replaceAll(' ', '+'),
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[&<>"']/g, (mark) => HTML_MARKS[mark as keyof typeof HTML_MARKS]),
    encodeFormValue(secret),
    encodeURIComponent(secret),
    standardForm(secret),
  ];
  return ways.flatMap((way) => [way, way.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())]);
}

/** What stands behind the colon of HTTP Basic. RFC 7617 §2. */
function passwordOf(authorization: string): string {
  return Buffer.from(authorization.replace(/^\S+ /, ''), 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

function formDecoded(text: string): readonly string[] {
  return new URLSearchParams(`_=${text}`).getAll('_');
}

function standardForm(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** Of token requests, this grant's and RFC 7523's; of revocation and introspection the token itself. */
const SECRET_FIELDS: readonly string[] = ['client_secret', 'client_assertion', 'assertion', 'token'];
/** The last two are the proof that a managed identity's platform asks for. */
const SECRET_HEADERS: readonly string[] = ['authorization', 'dpop', 'x-identity-header', 'secret'];
const HTML_MARKS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const;
const REDACTED = '[redacted]';
const SHORTEST_SECRET = 6;
