/** The token request of the client-credentials grant, as plain data. RFC 6749 §4.4.2. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { type AuthenticatedClient, buildAuthenticatedRequest, type TokenRequest } from '../client-authentication/authenticated-request.ts';
import type { ClientAuthentication } from '../client-authentication/client-authentication.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parameterFields, type TokenParameters } from './parameters.ts';
import { requireBinding } from './token-type.ts';

/**
 * A request for one token. Build a new one for every attempt; never send it again to a redirect's target.
 *
 * @param options.nowMs  epoch milliseconds, for the times of an assertion
 * @param options.uniqueId  makes an assertion's `jti`. Default: a random UUID
 * @param options.correlationId  Entra: sent as `client-request-id`, to find this request in its sign-in logs
 * @param options.dpopProof  what `buildDpopProof` made for this endpoint; goes with the token type `dpop`
 * @throws {ProtocolError} `invalid_url`, `invalid_scope`, `invalid_parameter`, and what the authentication throws; always before
 *   anything was sent
 * @see RFC 6749 §4.4.2 https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
 */
export async function buildTokenRequest(
  options: TokenParameters & AuthenticatedClient & { correlationId?: string | undefined; dpopProof?: string | undefined },
): Promise<TokenRequest> {
  const { server, authentication, correlationId, dpopProof, tokenType } = options;
  const url = endpointFor(authentication, server);
  const last = parameterFields(options, server);
  requireBinding({ tokenType, dpopProof, method: authentication.method });
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

/** RFC 8705 §5: with the client's certificate on the connection, the alias where there is one. */
function endpointFor({ mutualTls }: ClientAuthentication, { profile, tokenEndpoint, mtlsTokenEndpoint }: AuthorizationServer): string {
  if (mutualTls !== true) return tokenEndpoint;
  // Entra: its ordinary hosts ask for no certificate, and would answer as if none had been there.
  if (profile === 'entra' && mtlsTokenEndpoint === undefined) {
    throw new ProtocolError(
      'invalid_url',
      `No host for client certificates is known beside ${quote(tokenEndpoint)}; give the server an mtlsTokenEndpoint`,
    );
  }
  return mtlsTokenEndpoint ?? tokenEndpoint;
}

function requireCorrelationId(correlationId: string): void {
  if (typeof correlationId === 'string' && /^[\x21-\x7e]{1,128}$/.test(correlationId)) return;
  throw new ProtocolError(
    'invalid_parameter',
    `The correlation id is ${quote(correlationId)}; it must be up to 128 visible ASCII characters, best a GUID`,
  );
}
