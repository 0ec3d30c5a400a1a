/** A form that an authenticated client posts: what token, revocation and introspection requests share. RFC 6749 §2.3 and §3.2. */
import { randomUUID } from 'node:crypto';
import type { AuthorizationServer } from '../authorization-server.ts';
import { requireClientId } from '../client-id.ts';
import { encodeForm, type FormField } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { isPlainObject } from '../plain-object.ts';
import { parseEndpoint } from '../url.ts';
import type { AuthenticatedParts, ClientAuthentication } from './client-authentication.ts';

/**
 * A request to send with whatever sends HTTP. Its body, `authorization` or `dpop` header is secret.
 *
 * Whoever sends it follows no redirect with it, keeps the answer out of any HTTP cache (with `fetch`: `redirect: 'manual'`,
 * `cache: 'no-store'`), and stops reading a body at a limit of its own, such as 1 MiB: the readers here set none.
 */
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
  requireAuthentication(authentication);
  const credential = await authentication.apply({ server, clientId, nowMs, uniqueId });
  requireOneMethod(credential, { authentication, clientId });
  return {
    // RFC 6749 §3.2: the endpoint's own query is kept, byte for byte.
    url,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers, ...credential.headers },
    body: encodeForm([...first, ...Object.entries(credential.fields ?? {}), ...last]),
  };
}

/**
 * Throws unless there is a way to authenticate: the grant is for confidential clients alone.
 *
 * @throws {ProtocolError} `invalid_credential`
 * @see RFC 6749 §4.4 https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function requireAuthentication(authentication: ClientAuthentication): void {
  if (typeof authentication?.apply === 'function') return;
  throw new ProtocolError('invalid_credential', 'There is no client authentication; give one, such as clientSecretPost or privateKeyJwt');
}

/** RFC 6749 §2.3: one method, neither none nor two, and no parameter twice. Ours keep to it; a caller's own may not know. */
function requireOneMethod(
  parts: AuthenticatedParts,
  { authentication, clientId }: { readonly authentication: ClientAuthentication; readonly clientId: string },
): void {
  const { method, mutualTls } = authentication;
  const refuse = (why: string): ProtocolError =>
    new ProtocolError('invalid_credential', `The client authentication ${quote(method)} ${why}`);
  const { fields = {}, headers = {} } = parts ?? {};
  if (![parts, fields, headers].every(isPlainObject)) throw refuse('adds no plain objects; return { fields: {…}, headers: {…} }');
  const foreign = [
    ...Object.keys(fields).filter((name) => !CREDENTIAL_FIELDS.has(name)),
    ...Object.keys(headers).filter((name) => name !== 'authorization'),
  ];
  if (foreign.length > 0) {
    throw refuse(`adds ${foreign.map(quote).join(', ')}; it may add ${[...CREDENTIAL_FIELDS].join(', ')} or the header authorization`);
  }
  if (![...Object.values(fields), ...Object.values(headers)].every((value) => typeof value === 'string' && value !== '')) {
    throw refuse('adds a field or header without a text; add what has a value');
  }
  // What `fetch` would refuse, with the header in its message.
  if (!Object.values(headers).every((value) => PRINTABLE_ASCII.test(value))) {
    throw refuse('adds a header with a line break or a character outside ASCII; encode it');
  }
  const { client_id: named = clientId, client_assertion: assertion, client_assertion_type: assertionType } = fields;
  if (named !== clientId) throw refuse(`adds the client_id ${quote(named)}, and the client is ${quote(clientId)}`);
  const credentials = [headers['authorization'], fields['client_secret'], assertion];
  const count = credentials.filter((credential) => credential !== undefined).length;
  if (count > 1) throw refuse('adds more than one credential; RFC 6749 §2.3 allows one');
  // The certificate of the connection is one; beside an assertion or a secret it may also be there to bind the token (RFC 8705 §3).
  if (count === 0 && mutualTls !== true) throw refuse('adds no credential; RFC 6749 §4.4 wants one');
  if ((assertion === undefined) !== (assertionType === undefined)) {
    throw refuse('adds one of client_assertion and client_assertion_type; RFC 7521 §4.2 wants both');
  }
}

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
const CREDENTIAL_FIELDS: ReadonlySet<string> = new Set(['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']);
