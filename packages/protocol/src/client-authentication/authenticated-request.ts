/** A form that an authenticated client posts: what token, revocation and introspection requests share. RFC 6749 §2.3 and §3.2. */
import { randomUUID } from 'node:crypto';
import type { AuthorizationServer } from '../authorization-server.ts';
import { encodeForm, type FormField } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parseEndpoint } from '../url.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { requireClientId } from './client-id.ts';

/** A request to send with whatever sends HTTP. Its body or `authorization` header is secret. */
export interface TokenRequest {
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who asks, and how it proves that. */
export interface AuthenticatedClient {
  server: AuthorizationServer;
  clientId: string;
  authentication: ClientAuthentication;
  /** Epoch milliseconds, for the times of an assertion. */
  nowMs: number;
  /** Makes an assertion's `jti`. Default: a random UUID. */
  uniqueId?: (() => string) | undefined;
}

/**
 * The request: its fields, and what the authentication adds to them.
 *
 * @param request.name  what the endpoint is, for messages: "The token endpoint"
 * @param request.first  fields before the credential's
 * @param request.last  fields after them
 * @throws {ProtocolError} `invalid_url`, `invalid_parameter`, `invalid_credential`, and what the authentication throws
 * @see RFC 6749 §3.2 https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
export async function buildAuthenticatedRequest(
  client: AuthenticatedClient,
  request: {
    readonly name: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly first?: readonly FormField[];
    readonly last: readonly FormField[];
  },
): Promise<TokenRequest> {
  const { server, clientId, authentication, nowMs, uniqueId = randomUUID } = client;
  const { name, url, headers, first = [], last } = request;
  parseEndpoint(url, { name, allowHttpLoopback: server.allowHttpLoopback });
  requireClientId(clientId);
  const credential = await authentication.apply({ server, clientId, nowMs, uniqueId });
  const { fields = {}, headers: credentialHeaders = {} } = credential;
  requireOneMethod(fields, credentialHeaders);
  return {
    // RFC 6749 §3.2: the endpoint's own query is kept, byte for byte.
    url,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers, ...credentialHeaders },
    body: encodeForm([...first, ...Object.entries(fields), ...last]),
  };
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
