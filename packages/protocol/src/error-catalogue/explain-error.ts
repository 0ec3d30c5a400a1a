/** What an error means, whether it passes, who fixes it, and how. Diagnosis for people: control flow keys on the protocol. */
import { ASSERTION_ERRORS } from './assertion.ts';
import { CERTIFICATE_ERRORS } from './certificate.ts';
import type { CatalogueRow, ErrorExplanation } from './error-explanation.ts';
import { FEDERATION_ERRORS } from './federation.ts';
import { OAUTH_ERRORS } from './oauth-errors.ts';
import { POLICY_ERRORS } from './policy.ts';
import { REGISTRATION_ERRORS } from './registration.ts';
import { REQUEST_ERRORS } from './request.ts';
import { RESOURCE_ERRORS } from './resource.ts';
import { SECRET_ERRORS } from './secret.ts';
import { SERVICE_ERRORS } from './service.ts';
import { TENANT_ERRORS } from './tenant.ts';

/**
 * The explanation of an error; `undefined` for one that is not in the catalogue.
 *
 * @param code  an AADSTS number, as `7000215`, `'7000215'` or `'AADSTS7000215'`, or the `error` of an answer, as `'invalid_client'`
 * @see Microsoft Entra authentication and authorization error codes https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function explainError(code: string | number): ErrorExplanation | undefined {
  const [, number] = /^(?:AADSTS)?([1-9][0-9]{0,9})$/.exec(String(code)) ?? [];
  return number === undefined ? OAUTH_ERRORS.get(String(code)) : AADSTS_ERRORS.get(Number(number));
}

/** The explanation of the first of these codes that is in the catalogue. */
export function explainFirst(codes: readonly (string | number)[]): ErrorExplanation | undefined {
  return codes.map(explainError).find((known) => known !== undefined);
}

/** The codes in the catalogue, as explanations have them: the AADSTS errors, then those of OAuth. For a list of them all, or a test. */
export function knownErrorCodes(): readonly string[] {
  return [...AADSTS_ERRORS.values(), ...OAUTH_ERRORS.values()].map(({ code }) => code);
}

function explanationsOf([numbers, lasts, fixedBy, meaning, fix]: CatalogueRow): [number, ErrorExplanation][] {
  return numbers.map((number) => {
    const url = `https://login.microsoftonline.com/error?code=${number}`;
    return [number, Object.freeze({ code: `AADSTS${number}`, meaning, permanent: lasts === 'permanent', fixedBy, fix, url })];
  });
}

const AADSTS_ERRORS: ReadonlyMap<number, ErrorExplanation> = new Map(
  [
    SECRET_ERRORS,
    REGISTRATION_ERRORS,
    ASSERTION_ERRORS,
    CERTIFICATE_ERRORS,
    REQUEST_ERRORS,
    RESOURCE_ERRORS,
    TENANT_ERRORS,
    FEDERATION_ERRORS,
    POLICY_ERRORS,
    SERVICE_ERRORS,
  ]
    .flat()
    .flatMap(explanationsOf),
);
