/** Takes out of a server's words what must not be printed: servers repeat what they were sent, whole or in part. */

import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { encodeFormValue } from '../encoding/form.ts';

/**
 * The text, cut to `longest` characters, without these secrets, without what looks like a JWT, and without what follows an
 * authentication scheme. It is cut after the secrets were taken out, so that no part of one is left at its end.
 */
export function redact(text: string, { secrets, longest }: { readonly secrets: readonly string[]; readonly longest: number }): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return known
    .slice(0, longest)
    .replace(/\beyJ[\w-]*(\.[\w-]*){2,}/g, REDACTED)
    .replace(/\b(Basic|Bearer|DPoP) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`);
}

/** The secrets in a token request, in each way of writing them. Very short ones are left: they would be found everywhere. */
export function secretsOf({ headers, body }: Pick<TokenRequest, 'headers' | 'body'>): readonly string[] {
  const form = new URLSearchParams(body);
  const basic = headers['authorization']?.replace(/^\S+ /, '') ?? '';
  const password = Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  const secrets = [form.get('client_secret') ?? '', form.get('client_assertion') ?? '', basic, password, formDecoded(password)];
  const written = secrets.flatMap((secret) => [secret, encodeFormValue(secret), encodeURIComponent(secret), standardForm(secret)]);
  return [...new Set(written)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

function formDecoded(text: string): string {
  return new URLSearchParams(`_=${text}`).get('_') ?? '';
}

function standardForm(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

const REDACTED = '[redacted]';
const SHORTEST_SECRET = 6;
