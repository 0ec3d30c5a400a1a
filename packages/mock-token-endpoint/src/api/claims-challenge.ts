/** Claims challenges on request: a token is refused until one was asked for with certain claims. Entra: claims challenges. */
import { API_PATH, VAULT_PATH } from '../api-resource.ts';
import { wasRequestedWith } from '../claims-request.ts';
import type { Outcome } from '../outcome.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { graphError, unauthorized } from './graph-answer.ts';

/**
 * The honest answer if the request's token was asked for with `claims`, or is refused anyway, or if this is no request to an API; else 401
 * with `insufficient_claims`.
 *
 * @param claims  a claims request as OpenID Connect Core §5.5 writes it: `{ access_token: { nbf: { essential: true, value: '1' } } }`
 */
export function challengeForClaims(
  claims: object,
  { request, outcome, services }: { request: MockRequest; outcome: Outcome; services: Services },
): Answer {
  // Only APIs challenge: a token endpoint that did could never be satisfied. Entra: the vault does it in the words of the others.
  const isApi = [API_PATH, VAULT_PATH].some((path) => request.path.startsWith(path));
  if (!isApi || outcome.answer.status === 401 || wasRequestedWith(outcome.tokenClaims, claims)) return outcome.answer;
  const challenge = {
    scheme: 'Bearer' as const,
    error: 'insufficient_claims' as const,
    description: 'The access token was not asked for with the claims that are needed.',
    claims: Buffer.from(JSON.stringify(claims)).toString('base64'),
  };
  return graphError(unauthorized(challenge), { request, services });
}
