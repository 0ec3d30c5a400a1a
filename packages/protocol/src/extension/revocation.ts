/** Takes a token back before it expires. RFC 7009. Outside the token path: a daemon's token ends by itself soon enough. */
import {
  type AuthenticatedClient,
  buildAuthenticatedRequest,
  requireAuthentication,
  type TokenRequest,
} from '../client-authentication/authenticated-request.ts';
import { endpointFor } from '../client-authentication/endpoint.ts';
import type { HttpResponse } from '../http-response.ts';
import { type AnswerContext, answerError } from '../token-response/refusal.ts';
import { type PresentedToken, presentedTokenFields } from './presented-token.ts';

/**
 * A request to revoke this token. Its body holds the token and perhaps the credential.
 *
 * @throws {ProtocolError} `invalid_url` if the server has no revocation endpoint, as Entra has none, or one that no credential may
 *   go to; `invalid_parameter`, `invalid_credential`, and what the authentication throws
 * @see RFC 7009 §2.1 https://www.rfc-editor.org/rfc/rfc7009#section-2.1
 */
export async function buildRevocationRequest(options: AuthenticatedClient & PresentedToken): Promise<TokenRequest> {
  requireAuthentication(options.authentication);
  return buildAuthenticatedRequest(options, {
    name: 'The revocation endpoint',
    url: endpointFor('revocation', options),
    last: presentedTokenFields(options),
  });
}

/**
 * Returns if the token is revoked, or was none that this server knows, which comes to the same. The status says it alone: the
 * body of a success is not looked at.
 *
 * @throws {TokenResponseError} `oauth_error` for a refusal, such as `unsupported_token_type`; `invalid_response` for any other
 *   answer. Then the token must be taken to live on; a transient error may be tried again, after `retryAfterMs` if that is there
 * @see RFC 7009 §2.2 and §2.2.1 https://www.rfc-editor.org/rfc/rfc7009#section-2.2
 */
export function readRevocationResponse(response: HttpResponse, context: AnswerContext): void {
  if (response.status === 200) return;
  throw answerError(response, {
    ...context,
    from: 'the revocation endpoint',
    why: 'is no success and has no readable "error"; the token may still be valid',
  });
}
