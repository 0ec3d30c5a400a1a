/** A tenant is not ready for this application: its administrator has something to do first. */
import { type AuthorizationServer, adminConsentLink, TokenResponseError } from '@client-credentials/protocol';

/**
 * - `app_missing`: nobody has brought the application into the tenant yet, or client id and tenant do not belong together.
 * - `not_consented`: it is there, and an administrator has not granted what it asks for.
 * - `app_disabled`: it is there, and switched off.
 */
export type OnboardingState = 'app_missing' | 'not_consented' | 'app_disabled';

/** The server's refusal, with what it says of the tenant. */
export class OnboardingError extends TokenResponseError {
  readonly state: OnboardingState;
  /** Where an administrator of the tenant grants the application its permissions; of no help where it was switched off. */
  declare readonly consentUrl?: string;

  constructor(refusal: TokenResponseError, { state, consentUrl }: { state: OnboardingState; consentUrl: string }) {
    super('oauth_error', refusal.message, refusal);
    this.name = 'OnboardingError';
    this.state = state;
    if (state !== 'app_disabled') this.consentUrl = consentUrl;
  }
}

/**
 * The same error; of a refusal that an administrator of the tenant can end, one that says how.
 *
 * Entra: by its AADSTS numbers. They diagnose, and decide nothing.
 *
 * @see Microsoft Entra authentication and authorization error codes https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function withOnboarding(
  error: unknown,
  { server, clientId }: { server: Pick<AuthorizationServer, 'issuer' | 'tenant'>; clientId: string },
): unknown {
  if (!(error instanceof TokenResponseError) || server.tenant === undefined) return error;
  const [state] = error.errorCodes.flatMap((code) => STATES.get(code) ?? []);
  return state === undefined ? error : new OnboardingError(error, { state, consentUrl: adminConsentLink({ server, clientId }) });
}

const STATES: ReadonlyMap<number, OnboardingState> = new Map([
  [700016, 'app_missing'],
  [7000229, 'app_missing'],
  [65001, 'not_consented'],
  [7000112, 'app_disabled'],
]);
