/** The AADSTS codes this mock can answer with, and how a refusal by one of them is put into words. */
import { ASSERTION_CODES } from './aadsts/assertion.ts';
import { CERTIFICATE_CODES } from './aadsts/certificate.ts';
import { CLIENT_CODES } from './aadsts/client.ts';
import { CONSENT_CODES } from './aadsts/consent.ts';
import type { AadstsEntry } from './aadsts/entry.ts';
import { FEDERATION_CODES } from './aadsts/federation.ts';
import { POLICY_CODES } from './aadsts/policy.ts';
import { REQUEST_CODES } from './aadsts/request.ts';
import { SCOPE_CODES } from './aadsts/scope.ts';
import { SECRET_CODES } from './aadsts/secret.ts';
import { SERVICE_CODES } from './aadsts/service.ts';
import { TENANT_CODES } from './aadsts/tenant.ts';

/** A refusal before it is put into a face's shape: the code, and what to say where its message has a gap. */
export interface AadstsRefusal {
  readonly aadsts: number;
  readonly values?: Readonly<Record<string, string>>;
}

/** A code that can be scripted. */
export type KnownCode = Pick<AadstsEntry, 'code' | 'error' | 'status' | 'message'>;

/** Every code that has an entry of its own, in ascending order; the gaps in the messages are as they stand in the tables. */
export function knownCodes(): readonly KnownCode[] {
  const entries = [...TABLE.values()].sort((one, other) => one.code - other.code);
  return entries.map(({ code, error, status, message }) => ({ code, error, status, message }));
}

/** The entry of `code`; a code that is not in the tables gets a general one. */
export function findAadsts(code: number): AadstsEntry {
  return TABLE.get(code) ?? { code, error: 'invalid_request', status: 400, message: 'The request was refused.' };
}

/** The refusal of a request that lacks a parameter. */
export function missingParameter(name: string): AadstsRefusal {
  return { aadsts: 900144, values: { name } };
}

/** The entry's message with its gaps filled. */
export function fillMessage(message: string, values: Readonly<Record<string, string | undefined>>): string {
  return message.replace(/\{(\w+)\}/g, (_, name: string) => values[name]?.slice(0, LONGEST_VALUE) ?? 'unknown');
}

// What a client sent is repeated in part only: an answer does not grow with its request.
const LONGEST_VALUE = 512;

const TABLE: ReadonlyMap<number, AadstsEntry> = new Map(
  [
    REQUEST_CODES,
    TENANT_CODES,
    CLIENT_CODES,
    SECRET_CODES,
    ASSERTION_CODES,
    CERTIFICATE_CODES,
    SCOPE_CODES,
    CONSENT_CODES,
    FEDERATION_CODES,
    POLICY_CODES,
    SERVICE_CODES,
  ]
    .flat()
    .map((entry) => [entry.code, entry]),
);
