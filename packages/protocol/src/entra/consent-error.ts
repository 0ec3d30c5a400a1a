/** The administrator's page reported an error in place of consent. */
import type { ErrorExplanation } from '../error-catalogue/error-explanation.ts';
import { explainFirst } from '../error-catalogue/explain-error.ts';
import { ProtocolError, quote } from '../errors.ts';

/**
 * `oauth_error`: consent was not given. Its members have the names of those of `TokenResponseError`. Like the whole answer they came
 * by way of a browser: show them, and base no decision of security on them.
 *
 * @see Admin consent on the Microsoft identity platform https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export class ConsentError extends ProtocolError {
  /** `error`, as sent: `access_denied` where somebody said no. */
  readonly error: string;
  /** `error_description`, for people, up to 8192 characters of it. */
  declare readonly description?: string;
  /** The AADSTS numbers in the description. Diagnosis, not control flow. */
  readonly errorCodes: readonly number[];
  /** What the first known of its AADSTS numbers means, or else its `error`; for people. */
  declare readonly explanation?: ErrorExplanation;

  constructor(error: string, description: string | undefined) {
    super('oauth_error', `Consent was not given: ${quote(error)}${description === undefined ? '' : `: ${quote(description)}`}`);
    this.name = 'ConsentError';
    this.error = error;
    const told = description?.slice(0, LONGEST_DESCRIPTION);
    this.errorCodes = Array.from(told?.matchAll(AADSTS) ?? [], ([, number]) => Number(number));
    const explanation = explainFirst([...this.errorCodes, error]);
    Object.assign(this, told !== undefined && { description: told }, explanation !== undefined && { explanation });
  }
}

const LONGEST_DESCRIPTION = 8192;
const AADSTS = /\bAADSTS([1-9][0-9]{0,9}):/g;
