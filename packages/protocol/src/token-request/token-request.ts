/** The token request of the client-credentials grant, as plain data. RFC 6749 §4.4.2. */
import {
  type AuthenticatedClient,
  buildAuthenticatedRequest,
  requireAuthentication,
  type TokenRequest,
} from '../client-authentication/authenticated-request.ts';
import { endpointFor } from '../client-authentication/endpoint.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parameterFields, type TokenParameters } from './parameters.ts';
import { requireBinding } from './token-type.ts';

/**
 * A request for one token. Build a new one for every attempt; never send it again to a redirect's target.
 *
 * @param options.correlationId  Entra: sent as `client-request-id`, to find this request in its sign-in logs
 * @param options.dpopProof  what `buildDpopProof` made for a POST to this endpoint; goes with the token type `dpop`. RFC 9449 §4.1
 * @throws {ProtocolError} `invalid_url`, `invalid_scope`, `invalid_parameter`, `invalid_credential`,
 *   `unsupported_algorithm`, and what the authentication throws; always before anything was sent
 * @see RFC 6749 §4.4.2 https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
 */
export async function buildTokenRequest(
  options: TokenParameters & AuthenticatedClient & { correlationId?: string | undefined; dpopProof?: string | undefined },
): Promise<TokenRequest> {
  const { server, authentication, correlationId, dpopProof } = options;
  requireAuthentication(authentication);
  const url = endpointFor('token', options);
  const last = parameterFields(options, server);
  requireBinding({ ...options, url });
  if (correlationId !== undefined) requireCorrelationId(correlationId);
  return buildAuthenticatedRequest(
    // Entra: an assertion's `aud` names the endpoint that this very request goes to.
    { ...options, server: { ...server, tokenEndpoint: url } },
    {
      name: 'The token endpoint',
      url,
      headers: {
        ...(correlationId !== undefined && { 'client-request-id': correlationId, 'return-client-request-id': 'true' }),
        ...(dpopProof !== undefined && { dpop: dpopProof }),
      },
      first: [['grant_type', 'client_credentials']],
      last,
    },
  );
}

function requireCorrelationId(correlationId: string): void {
  if (typeof correlationId === 'string' && /^[\x21-\x7e]{1,128}$/.test(correlationId)) return;
  throw new ProtocolError(
    'invalid_parameter',
    `The correlation id is ${quote(correlationId)}; it must be up to 128 visible ASCII characters, best a GUID`,
  );
}
