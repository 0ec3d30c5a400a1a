/** Asks the authorization server what a token is worth. RFC 7662: for an API that was given the token, not for who was issued it. */
import {
  type AuthenticatedClient,
  buildAuthenticatedRequest,
  requireAuthentication,
  type TokenRequest,
} from '../client-authentication/authenticated-request.ts';
import { endpointFor } from '../client-authentication/endpoint.ts';
import { type HttpResponse, successObject } from '../http-response.ts';
import { type AnswerContext, answerError } from '../token-response/refusal.ts';
import { type PresentedToken, presentedTokenFields } from './presented-token.ts';

/** What the server says of a token. */
export interface Introspection {
  /** Whether the token is good now, for the API that asked. */
  readonly active: boolean;
  /**
   * What else is said of an active token, as sent and unchecked: `scope`, `client_id`, `sub`, `aud`, `exp` in epoch seconds and
   * so on. A `sub` may be a client or a user; `client_id` beside it tells. Empty for an inactive token, whatever was sent.
   */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * A request for the state of this token. Its body holds the token and perhaps the credential.
 *
 * @throws {ProtocolError} `invalid_url` if the server has no introspection endpoint, as Entra has none, or one that no credential
 *   may go to; `invalid_parameter`, `invalid_credential`, and what the authentication throws
 * @see RFC 7662 §2.1 https://www.rfc-editor.org/rfc/rfc7662#section-2.1
 */
export async function buildIntrospectionRequest(options: AuthenticatedClient & PresentedToken): Promise<TokenRequest> {
  requireAuthentication(options.authentication);
  return buildAuthenticatedRequest(options, {
    name: 'The introspection endpoint',
    url: endpointFor('introspection', options),
    last: presentedTokenFields(options),
  });
}

/**
 * The state of the token. Only `active` has to be there; an answer that lacks it or has it twice, or where it is no boolean, is an
 * error and never "inactive": a server out of order is no reason to turn a caller away as one with a bad token.
 *
 * @throws {TokenResponseError} `oauth_error` when the server refused to say; `invalid_response` for an answer that is not of
 *   RFC 7662
 * @see RFC 7662 §2.2 and §2.3 https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 */
export function readIntrospectionResponse(response: HttpResponse, context: AnswerContext): Introspection {
  const body = successObject(response, ['active']);
  const { active, ...claims } = body ?? {};
  if (typeof active === 'boolean') return { active, claims: active ? claims : {} };
  throw answerError(response, {
    ...context,
    from: 'the introspection endpoint',
    why: 'is no JSON object with one boolean "active" (RFC 7662 §2.2)',
  });
}
