/** The five steps of the story, each with the section it follows. */
import type { ApiCaller } from '@client-credentials/api-caller';
import { decodeToken } from '@client-credentials/protocol';
import type { AccessToken, TokenSource } from '@client-credentials/token-source';
import type { Printer } from './printer.ts';
import type { Stage } from './stage.ts';
import type { WireTap } from './wire-tap.ts';

export function tellCredential(out: Printer, { certificate }: Stage): void {
  if (certificate === undefined) {
    out.step('The credential', 'RFC 6749 §2.3.1');
    out.line('a client secret; a certificate would keep its key on this machine');
    return;
  }
  out.step('The certificate', 'RFC 5280 §4.1, RFC 7515 §4.1.8');
  out.field('subject', certificate.subject);
  out.field('thumbprint, SHA-1', certificate.thumbprintHex);
  out.field('x5t#S256', certificate.x5tS256);
  const daysLeft = Math.floor((certificate.notAfterMs - Date.now()) / DAY_MS);
  out.field('valid until', `${new Date(certificate.notAfterMs).toISOString().slice(0, 10)}, ${daysLeft} days left`);
}

export function tellRequest(out: Printer, { tokenExchanges }: WireTap): void {
  const [exchange] = tokenExchanges;
  if (exchange === undefined) throw new Error('No token request went out');
  const isAssertion = exchange.form.has('client_assertion');
  out.step('The token request, as it went out', `RFC 6749 §4.4.2, ${isAssertion ? 'RFC 7523 §2.2' : 'RFC 6749 §2.3.1'}`);
  out.line(`${exchange.method} ${exchange.url}`);
  for (const [name, value] of exchange.form) out.field(name, name === 'client_secret' ? hidden(value) : shortened(name, value));
  const assertion = exchange.form.get('client_assertion');
  if (assertion === null) return;
  const { header, claims } = decodeToken(assertion);
  out.line('the assertion, decoded: RFC 7515 §4.1, RFC 7523 §3');
  for (const [name, value] of Object.entries(header)) out.field(`  header ${name}`, JSON.stringify(value));
  for (const [name, value] of Object.entries(claims)) out.field(`  claim ${name}`, readable(name, value));
  out.field('  signature', start(assertion.slice(assertion.lastIndexOf('.') + 1)));
}

export function tellAnswer(out: Printer, { tokenExchanges }: WireTap, token: AccessToken): void {
  out.step('The answer', 'RFC 6749 §5.1');
  out.line(tokenExchanges.at(-1)?.answer ?? '');
  out.field('token_type', token.tokenType);
  out.field('lifetime', `${(token.expiresAtMs - token.receivedAtMs) / 1000} s, until ${new Date(token.expiresAtMs).toISOString()}`);
  out.field('access_token', start(token.value));
  out.field('roles', `${rolesOf(token)} (read for you; to the client a token is opaque)`);
  out.field('refresh_token', 'not kept if one came: this grant has no use for it (RFC 6749 §4.4.3)');
}

export async function tellCalls(out: Printer, stage: Stage, api: ApiCaller): Promise<void> {
  out.step('The API calls', 'RFC 6750 §2.1, OData Protocol 4.01 §11.2.6.7');
  out.line(`GET ${stage.url ?? `${stage.baseUrl}${USERS}`}  Authorization: Bearer …`);
  out.line(await readApi(stage, api, (text) => out.progress(text)));
}

export async function tellSecondRound(out: Printer, stage: Stage, api: ApiCaller, tokens: TokenSource): Promise<void> {
  const { tap, scope } = stage;
  const [callsBefore, requestsBefore] = [tap.apiCalls, tap.tokenExchanges.length];
  const result = await readApi(stage, api, () => {});
  out.step('The cache', 'RFC 6749 §5.1: expires_in');
  out.line(`the same again: ${result}`);
  out.field('API calls', `${tap.apiCalls - callsBefore}`);
  out.field(
    'token requests',
    `${tap.tokenExchanges.length - requestsBefore}: the token was kept, and is ${tokens.inspect(scope)?.freshness ?? 'gone'}`,
  );
}

/** All users, page by page; or the one URL that was asked for. Returns what to say about it. */
async function readApi({ url }: Stage, api: ApiCaller, onProgress: (text: string) => void): Promise<string> {
  if (url !== undefined) {
    const body = await api.getJson<unknown>(url);
    return `${JSON.stringify(body)?.length ?? 0} characters of JSON`;
  }
  let [pages, users] = [0, 0];
  for await (const page of api.pages(USERS)) {
    pages += 1;
    users += page.items.length;
    onProgress(`page ${pages}: ${users} users so far`);
  }
  return `${users} users over ${pages} pages`;
}

function rolesOf(token: AccessToken): string {
  try {
    const { roles } = decodeToken(token.value).claims;
    return Array.isArray(roles) ? roles.join(', ') : 'none';
  } catch {
    return 'not readable';
  }
}

function readable(name: string, value: unknown): string {
  if (typeof value !== 'number') return String(value);
  return ['exp', 'nbf', 'iat'].includes(name) ? `${value} = ${new Date(value * 1000).toISOString()}` : String(value);
}

function shortened(name: string, value: string): string {
  return name === 'client_assertion' ? start(value) : value;
}

function start(text: string): string {
  return `${text.slice(0, 12)}… (${text.length} characters)`;
}

function hidden(text: string): string {
  return `… (${text.length} characters)`;
}

const USERS = 'users?$select=id,displayName';
const DAY_MS = 24 * 3600 * 1000;
