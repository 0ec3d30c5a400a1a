/** The `claims` parameter: a claims request, with the client's capabilities in it. OpenID Connect Core §5.5, and Entra's `xms_cc`. */
import { parseJsonObject, toJson } from '../encoding/json.ts';
import { ProtocolError } from '../errors.ts';

/**
 * The parameter's value; empty when there is neither a claims request nor a capability.
 *
 * A claims request by itself goes out character by character as it came: it may be a challenge's, whose words are the API's. Beside
 * capabilities it is read, and written again with those it lacks in `access_token.xms_cc.values`; what else it asks for stays.
 *
 * @throws {ProtocolError} `invalid_parameter` for a claims request that is no JSON object of at most 16 KiB, or has no place for
 *   capabilities; and for capabilities that are no list of names
 * @see OpenID Connect Core 1.0 §5.5 https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
 * @see Claims challenges, claims requests and client capabilities https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function buildClaims(options: { claims?: string | undefined; capabilities?: readonly string[] | undefined }): string {
  const { claims = '', capabilities = [] } = options;
  const request = claims === '' ? {} : parseRequest(claims);
  if (!isListOfText(capabilities) || capabilities.includes('')) {
    throw new ProtocolError('invalid_parameter', 'The capabilities are no list of names; give one such as ["cp1"]');
  }
  if (capabilities.length === 0) return claims;
  const merged = toJson(withCapabilities(request, capabilities));
  if (merged !== undefined) return merged;
  throw new ProtocolError(
    'invalid_parameter',
    'The claims request nests too deep for capabilities to be put into it; send it without them',
  );
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseRequest(claims: string): JsonObject {
  const request = typeof claims === 'string' && Buffer.byteLength(claims) <= LARGEST_REQUEST ? parseJsonObject(claims) : undefined;
  if (request !== undefined) return request;
  // Not quoted: a claims request may name a person or a device.
  throw new ProtocolError(
    'invalid_parameter',
    'The claims are no JSON object of at most 16 KiB; give the text itself, decoded where a challenge had it in base64',
  );
}

/** Entra: capabilities are compared without case, so one that the caller asked for in other letters is not sent again. */
function withCapabilities(request: JsonObject, capabilities: readonly string[]): JsonObject {
  const { xms_cc: own, ...others } = requireObject(request['access_token'], 'access_token');
  const { values = [], ...rest } = requireObject(own, 'access_token.xms_cc');
  if (!isListOfText(values)) throw unexpected('access_token.xms_cc.values');
  const known = new Set(values.map((value) => value.toLowerCase()));
  const missing = capabilities.filter((capability) => !known.has(capability.toLowerCase()));
  return { ...request, access_token: { xms_cc: { ...rest, values: [...values, ...missing] }, ...others } };
}

/** A claim with `null` is asked for without anything more being said of it. OpenID Connect Core §5.5.1. */
function requireObject(member: unknown, name: string): JsonObject {
  const value = member ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  throw unexpected(name);
}

function unexpected(name: string): ProtocolError {
  return new ProtocolError('invalid_parameter', `The claims request has an unexpected ${name}, into which no capabilities can be put`);
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

const LARGEST_REQUEST = 16 * 1024;
