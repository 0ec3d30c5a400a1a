/** The token request of the client-credentials grant, as plain data. RFC 6749 §4.4.2. */
import { randomUUID } from 'node:crypto';
import type { AuthorizationServer } from '../authorization-server.ts';
import type { ClientAuthentication } from '../client-authentication/client-authentication.ts';
import { requireClientId } from '../client-authentication/client-id.ts';
import { encodeForm } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
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
  if (correlationId !== undefined) requireCorrelationId(correlationId);
  const { fields = {}, headers = {} } = await authentication.apply({ server, clientId, nowMs, uniqueId });
  requireOneMethod(fields, headers);
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

function requireCorrelationId(correlationId: string): void {
  if (typeof correlationId === 'string' && /^[\x21-\x7e]{1,128}$/.test(correlationId)) return;
  throw new ProtocolError(
    'invalid_parameter',
    `The correlation id is ${quote(correlationId)}; it must be up to 128 visible ASCII characters, best a GUID`,
  );
}

/** RFC 6749 §2.3: one method, and no parameter twice. Ours keep to it; a caller's own method may not know. */
function requireOneMethod(fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>): void {
  const foreign = [
    ...Object.keys(fields).filter((name) => !CREDENTIAL_FIELDS.has(name)),
    ...Object.keys(headers).filter((name) => name !== 'authorization'),
  ];
  if (foreign.length > 0) {
    throw new ProtocolError(
      'invalid_credential',
      `The client authentication adds ${foreign.map(quote).join(', ')}; it may add the credential alone`,
    );
  }
  const methods = [headers['authorization'], fields['client_secret'], fields['client_assertion']].filter(
    (credential) => credential !== undefined,
  );
  if (methods.length > 1)
    throw new ProtocolError('invalid_credential', 'The client authentication uses more than one method; RFC 6749 §2.3 allows one');
}

const CREDENTIAL_FIELDS: ReadonlySet<string> = new Set(['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']);
