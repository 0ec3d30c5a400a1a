/** Takes out of a server's words what must not be printed: servers repeat what they were sent, whole or in part. */
import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { encodeFormValue } from '../encoding/form.ts';
import { headerValue } from '../http-response.ts';

/**
 * The text, cut to `longest` characters, without these secrets, without what looks like a JWT, and without what follows an
 * authentication scheme. It is cut after the secrets were taken out, so that no part of one is left at its end.
 *
 * @param options.secrets  the longest first, as `secretsOf` gives them: of one that holds another nothing is left over
 */
export function redact(text: string, { secrets, longest }: { readonly secrets: readonly string[]; readonly longest: number }): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return known
    .slice(0, longest)
    .replace(/\beyJ[\w-]*(\.[\w-]*){2,}/g, REDACTED)
    .replace(/\b(Basic|Bearer|DPoP) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`);
}

/**
 * The secrets in a request, in each way of writing them, the longest first. Very short ones are left: they would be found
 * everywhere.
 */
export function secretsOf({ headers, body }: Pick<TokenRequest, 'headers' | 'body'>): readonly string[] {
  const form = new URLSearchParams(body);
  const sent = [
    ...SECRET_FIELDS.flatMap((name) => form.getAll(name)),
    ...SECRET_HEADERS.map((name) => headerValue(headers, name)?.replace(/^\S+ /, '') ?? ''),
  ];
  const password = passwordOf(headerValue(headers, 'authorization') ?? '');
  const written = [...sent, password, ...formDecoded(password)].flatMap(waysToWrite);
  return [...new Set(written)].filter((secret) => secret.length >= SHORTEST_SECRET).toSorted((one, other) => other.length - one.length);
}

/** As it is, half decoded, and percent-encoded by each set of rules, with escapes in either case: .NET writes `%2f`. */
function waysToWrite(secret: string): readonly string[] {
  const ways = [secret, secret.replaceAll(' ', '+'), encodeFormValue(secret), encodeURIComponent(secret), standardForm(secret)];
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
const REDACTED = '[redacted]';
const SHORTEST_SECRET = 6;
