/** The step-up challenge: the resource wants a user who signed in otherwise, or more lately. RFC 9470 §3. */
import { wordsOf } from './bearer-challenge.ts';
import type { Challenge } from './www-authenticate.ts';

/** What the resource wants of the sign-in. A daemon has no user to send there, so this ends its call; it is shown to people. */
export interface StepUpChallenge {
  /** The accepted authentication contexts, the preferred one first; empty when the server does not say. */
  readonly acrValues: readonly string[];
  /** How long ago the user may have signed in, seconds. */
  readonly maxAgeSeconds: number | undefined;
}

/**
 * What this challenge wants, or `undefined` if it is none of this kind.
 *
 * @see RFC 9470 §3 https://www.rfc-editor.org/rfc/rfc9470#section-3
 */
export function readStepUpChallenge({ scheme, parameters }: Challenge): StepUpChallenge | undefined {
  if ((scheme !== 'bearer' && scheme !== 'dpop') || parameters['error'] !== 'insufficient_user_authentication') return undefined;
  const maxAge = parameters['max_age'] ?? '';
  return { acrValues: wordsOf(parameters['acr_values']), maxAgeSeconds: WHOLE_SECONDS.test(maxAge) ? Number(maxAge) : undefined };
}

const WHOLE_SECONDS = /^[0-9]{1,15}$/;
