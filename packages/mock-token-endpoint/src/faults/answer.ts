/** Answers that a test scripts, and how each changes the honest one. The request has been read and judged by then. */
import { challengeForClaims } from '../api/claims-challenge.ts';
import { entraError } from '../entra/answer.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { TokenOverrides } from '../tokens.ts';
import type { Honest } from './fault.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { reissue } from './reissue.ts';

/**
 * - `aadsts`: this refusal, in Entra's shape.
 * - `status`, `headers`, `body`, `delayMs`: with a status (default 200) or a body, this instead of the honest answer; with neither, the honest
 *   answer with these headers added. A string goes out as it is and without a content type, anything else as JSON. The delay is real time.
 * - `fault`: one of the ways in which connections and servers fail; with `delayMs` later, or for a body in pieces with that pause between two.
 * - `redirect`, `to`: a redirect to a URL or a path.
 * - `token`: the success with these members and claims; a refusal stays what it is.
 * - `dateSkewSeconds`: the honest answer with a `Date` that is off by so much.
 * - `requireClaims`: from the API, a claims challenge with this claims request, until a token is sent that was asked for with it; elsewhere the honest answer.
 */
export type MockAnswer =
  | { readonly aadsts: number }
  | {
      readonly status?: number | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: unknown;
      readonly delayMs?: number | undefined;
    }
  | { readonly fault: FaultName; readonly delayMs?: number | undefined }
  | { readonly redirect: 301 | 302 | 303 | 307 | 308; readonly to: string }
  | { readonly token: TokenOverrides }
  | { readonly dateSkewSeconds: number }
  | { readonly requireClaims: { readonly access_token: object } };

/** The answer to send in place of the honest one of `outcome`. */
export async function applyAnswer(
  scripted: MockAnswer,
  { request, outcome, services }: Honest & { request: MockRequest },
): Promise<Answer> {
  const { answer, tenant, clientId, form } = outcome;
  if ('aadsts' in scripted) {
    return entraError({ aadsts: scripted.aadsts }, { request, services, facts: { tenant, clientId, scope: form?.['scope'] } });
  }
  if ('fault' in scripted) return { ...(await FAULTS[scripted.fault].apply({ outcome, services })), delayMs: scripted.delayMs };
  if ('redirect' in scripted) return { status: scripted.redirect, headers: { location: scripted.to } };
  if ('token' in scripted) return reissue({ outcome, services }, { overrides: scripted.token });
  if ('requireClaims' in scripted) return challengeForClaims(scripted.requireClaims, { request, outcome, services });
  if ('dateSkewSeconds' in scripted) {
    const date = new Date(services.clock.now() + scripted.dateSkewSeconds * 1000).toUTCString();
    return { ...answer, headers: { ...answer.headers, date } };
  }
  const { status, body, delayMs } = scripted;
  const headers = lowerCaseNames(scripted.headers ?? {});
  return status === undefined && body === undefined
    ? { ...answer, headers: { ...answer.headers, ...headers }, delayMs }
    : { status: status ?? 200, headers, body, delayMs };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
