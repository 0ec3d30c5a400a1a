/** What Azure's platforms answer to a managed identity: RFC 6749 §5 in dialects, put into its words and read by its reader. */
import { parseJsonObject } from '../encoding/json.ts';
import type { HttpResponse } from '../http-response.ts';
import { requireDefaultScope } from '../token-request/default-scope.ts';
import { parseScope, type Scope } from '../token-request/scope.ts';
import type { AccessToken } from '../token-response/access-token.ts';
import { readTokenBody, type TokenResponseContext } from '../token-response/token-response.ts';
import { parsePlatformDate } from './platform-date.ts';

/** What the request was, as far as its answer is read in its light. */
export type ManagedIdentityContext = Pick<
  TokenResponseContext,
  'scope' | 'clientId' | 'requestedAtMs' | 'receivedAtMs' | 'request' | 'attempts'
>;

/**
 * The token in an answer of IMDS, App Service, Azure Arc, Azure Machine Learning, Service Fabric or Cloud Shell. Its expiry is
 * `expires_on`, or less than a second earlier; `expires_in` counts only where that is absent or unreadable.
 *
 * @throws {TokenResponseError} `oauth_error` when the platform refused; `invalid_response` when the answer is unreadable
 * @see How to use managed identities on an Azure VM to acquire an access token
 *   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 */
export function readManagedIdentityResponse(response: HttpResponse, context: ManagedIdentityContext): AccessToken {
  const body = parseJsonObject(response.body);
  const translated = body && { ...body, ...translateExpiry(body, context), ...translateRefusal(body, response) };
  return readTokenBody(response, { ...context, server: { profile: 'entra' }, from: 'the managed identity endpoint', body: translated });
}

/**
 * The `resource` that a managed identity is asked for where others ask for this scope: without `/.default`, once, so that a
 * resource which ends in a slash keeps it.
 *
 * @throws {ProtocolError} `invalid_scope` unless the scope is one `{resource}/.default`
 * @see Scopes and permissions in the Microsoft identity platform https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
export function managedIdentityResource(scope: Scope): string {
  const scopes = parseScope(scope);
  requireDefaultScope(scopes);
  return scopes.join().slice(0, -'/.default'.length);
}

type JsonObject = Readonly<Record<string, unknown>>;

/** These platforms hand out tokens that they keep, and what they count in seconds counts from when a token was issued. */
function translateExpiry(body: JsonObject, { requestedAtMs }: ManagedIdentityContext): JsonObject {
  const expiresAtMs = parseExpiry(body['expires_on']);
  const lifetime =
    expiresAtMs === undefined ? (body['expires_in'] ?? body['expires_on']) : Math.max(0, (expiresAtMs - requestedAtMs) / 1000);
  return { expires_in: lifetime, ext_expires_in: undefined, refresh_in: undefined };
}

/** Epoch seconds, mostly as text; a date from the API version that Azure Machine Learning speaks. */
function parseExpiry(expiresOn: unknown): number | undefined {
  if (typeof expiresOn === 'number') return expiresOn * 1000;
  if (typeof expiresOn !== 'string') return undefined;
  return /^[0-9]{1,16}$/.test(expiresOn) ? Number(expiresOn) * 1000 : parsePlatformDate(expiresOn);
}

/** IMDS and Arc refuse in the words of RFC 6749 §5.2; the others have their own. */
function translateRefusal({ error, ...body }: JsonObject, { status }: HttpResponse): JsonObject {
  // Cloud Shell and Service Fabric: {"error":{"code":"…","message":"…","correlationId":"…"}}
  if (typeof error === 'object' && error !== null) {
    const { code, message, correlationId } = error as JsonObject;
    return { error: code, error_description: message, correlation_id: correlationId };
  }
  // App Service: {"statusCode":400,"message":"…","correlationId":"…"}. It has no code but the status.
  if (status !== 200 && error === undefined && typeof body['message'] === 'string') {
    return { error: String(status), error_description: body['message'], correlation_id: body['correlationId'] };
  }
  return {};
}
