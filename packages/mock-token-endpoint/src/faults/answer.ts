/** Answers that a test scripts, and how each changes the honest one. The request has been read and judged by then. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { entraError } from '../entra/answer.ts';
import { MockError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { issueTokenResponse, type TokenOverrides, type TokenResponse } from '../tokens.ts';

/**
 * - `aadsts`: this refusal, in Entra's shape.
 * - `status`, `headers`, `body`, `delayMs`: with a status (default 200) or a body, this instead of the honest answer; with neither, the honest
 *   answer with these headers added. A string goes out as it is and without a content type, anything else as JSON. The delay is real time.
 * - `redirect`, `to`: a redirect.
 * - `token`: the success with these members and claims; a refusal stays what it is.
 * - `dateSkewSeconds`: the honest answer with a `Date` that is off by so much.
 */
export type MockAnswer =
  | { readonly aadsts: number }
  | {
      readonly status?: number | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: unknown;
      readonly delayMs?: number | undefined;
    }
  | { readonly redirect: 301 | 302 | 303 | 307 | 308; readonly to: string }
  | { readonly token: TokenOverrides }
  | { readonly dateSkewSeconds: number };

/** The answer to send in place of the honest one of `outcome`. */
export async function applyAnswer(
  scripted: MockAnswer,
  { request, outcome, services }: { request: MockRequest; outcome: Outcome; services: Services },
): Promise<Answer> {
  const { answer, grant, tenant, clientId, form } = outcome;
  if ('aadsts' in scripted) {
    return entraError({ aadsts: scripted.aadsts }, { request, services, facts: { tenant, clientId, scope: form?.['scope'] } });
  }
  if ('redirect' in scripted) return { status: scripted.redirect, headers: { location: scripted.to } };
  if ('token' in scripted)
    return grant ? withToken(answer, await issueTokenResponse(grant, { ...services, overrides: scripted.token })) : answer;
  if ('dateSkewSeconds' in scripted) {
    const date = new Date(services.clock.now() + scripted.dateSkewSeconds * 1000).toUTCString();
    return { ...answer, headers: { ...answer.headers, date } };
  }
  const headers = lowerCaseNames(scripted.headers ?? {});
  return scripted.status === undefined && scripted.body === undefined
    ? { ...answer, headers: { ...answer.headers, ...headers } }
    : { status: scripted.status ?? 200, headers, body: scripted.body };
}

function withToken(answer: Answer, { members, claims }: TokenResponse): Answer {
  return { ...answer, body: members, tokenClaims: claims };
}

/**
 * Returns `answer` when it can be sent.
 *
 * @throws {MockError} `invalid_option` for a status, header, redirect, delay or number that HTTP or the clock cannot carry
 */
export function parseAnswer(answer: MockAnswer): MockAnswer {
  const fault = findFault(answer);
  if (fault !== undefined) throw new MockError('invalid_option', `The scripted answer cannot be sent: ${fault}`);
  return answer;
}

function findFault(answer: MockAnswer): string | undefined {
  if ('aadsts' in answer)
    return isWhole(answer.aadsts, { from: 1, to: 99_999_999 }) ? undefined : `aadsts is ${answer.aadsts}, a code is a whole number`;
  if ('token' in answer) return undefined;
  if ('dateSkewSeconds' in answer)
    return Math.abs(answer.dateSkewSeconds) <= LONGEST_SKEW_SECONDS ? undefined : `dateSkewSeconds is ${answer.dateSkewSeconds}`;
  if ('redirect' in answer) return faultOfHeaders({ location: answer.to });
  const { status = 200, delayMs = 0, headers = {} } = answer;
  if (!isWhole(status, { from: 200, to: 599 })) return `status is ${status}, give 200 to 599`;
  if (!isWhole(delayMs, { from: 0, to: LONGEST_DELAY_MS }))
    return `delayMs is ${delayMs}, give whole milliseconds up to ${LONGEST_DELAY_MS}`;
  if (answer.body !== undefined && !isJson(answer.body)) return 'its body is neither a string nor JSON';
  return faultOfHeaders(headers);
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

function faultOfHeaders(headers: Readonly<Record<string, string>>): string | undefined {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return undefined;
  } catch (error) {
    return String(error);
  }
}

function isWhole(value: number, { from, to }: { from: number; to: number }): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const LONGEST_DELAY_MS = 600_000;
const LONGEST_SKEW_SECONDS = 1_000_000_000;
