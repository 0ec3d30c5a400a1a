/** The token request of the client-credentials grant, as plain data. RFC 6749 §4.4.2. */
import { randomUUID } from 'node:crypto';
import type { AuthorizationServer } from '../authorization-server.ts';
import type { ClientAuthentication } from '../client-authentication/client-authentication.ts';
import { requireClientId } from '../client-authentication/client-id.ts';
import { encodeForm } from '../encoding/form.ts';
import { parseEndpoint } from '../url.ts';
import { parameterFields, type TokenParameters } from './parameters.ts';

/** A request to send with whatever sends HTTP. Its body or `authorization` header is secret. */
export interface TokenRequest {
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A request for one token. Build a new one for every attempt; never send it again to a redirect's target.
 *
 * @param options.nowMs  epoch milliseconds, for the times of an assertion
 * @param options.uniqueId  makes an assertion's `jti`. Default: a random UUID
 * @param options.correlationId  Entra: sent as `client-request-id`, to find this request in its sign-in logs
 * @throws {ProtocolError} `invalid_url`, `invalid_scope`, `invalid_parameter`, and what the authentication throws; always before
 *   anything was sent
 * @see RFC 6749 §4.4.2 https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
 */
export async function buildTokenRequest(
  options: TokenParameters & {
    server: AuthorizationServer;
    clientId: string;
    authentication: ClientAuthentication;
    nowMs: number;
    uniqueId?: (() => string) | undefined;
    correlationId?: string | undefined;
  },
): Promise<TokenRequest> {
  const { server, clientId, authentication, nowMs, uniqueId = randomUUID, correlationId } = options;
  parseEndpoint(server.tokenEndpoint, { name: 'The token endpoint', allowHttpLoopback: server.allowHttpLoopback });
  requireClientId(clientId);
  const parameters = parameterFields(options, server);
  const { fields = {}, headers = {} } = await authentication.apply({ server, clientId, nowMs, uniqueId });
  return {
    // RFC 6749 §3.2: the endpoint's own query is kept, byte for byte.
    url: server.tokenEndpoint,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(correlationId !== undefined && { 'client-request-id': correlationId, 'return-client-request-id': 'true' }),
      ...headers,
    },
    body: encodeForm([['grant_type', 'client_credentials'], ...Object.entries(fields), ...parameters]),
  };
}
