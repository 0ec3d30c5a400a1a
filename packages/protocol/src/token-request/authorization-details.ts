/** The `authorization_details` parameter, and what came of it: permissions finer than a scope. RFC 9396 §2 and §7. */
import { parseJsonObject, toJson } from '../encoding/json.ts';
import { ProtocolError } from '../errors.ts';
import type { HttpResponse } from '../http-response.ts';

/** One permission: its type, and the members that type defines. Two shapes, so that a value of an interface fits as well as a literal. */
export type AuthorizationDetail = { readonly type: string } | { readonly type: string; readonly [member: string]: unknown };

/**
 * The parameter's value, a JSON array; empty when nothing is asked for.
 *
 * @throws {ProtocolError} `invalid_parameter` for anything but a list of objects that each have a `type`, as JSON would carry it
 * @see RFC 9396 §2 https://www.rfc-editor.org/rfc/rfc9396#section-2
 */
export function buildAuthorizationDetails(details: readonly AuthorizationDetail[] = []): string {
  const json = toJson(details);
  // What is checked is what is sent: `toJSON` and members that JSON leaves out may make it another thing than what was given.
  const sent: unknown = json === undefined ? undefined : JSON.parse(json);
  if (json === undefined || !isDetails(sent)) {
    throw new ProtocolError(
      'invalid_parameter',
      'The authorizationDetails are no list of objects that each have a "type" and can be written as JSON (RFC 9396 §2)',
    );
  }
  return sent.length === 0 ? '' : json;
}

/**
 * What the server granted of the `authorizationDetails` that were asked for, which may be less, or more precise; `undefined` where it
 * does not say. Read it from an answer in which `readTokenResponse` found a token: it is no secret, but it is the API's to
 * enforce, so the token does not carry it.
 *
 * @throws {ProtocolError} `invalid_response` if it is there and is no list of objects that each have a `type`
 * @see RFC 9396 §7 https://www.rfc-editor.org/rfc/rfc9396#section-7
 */
export function readAuthorizationDetails({ body }: Pick<HttpResponse, 'body'>): readonly AuthorizationDetail[] | undefined {
  const granted = parseJsonObject(body)?.['authorization_details'];
  if (granted === undefined || isDetails(granted)) return granted;
  throw new ProtocolError('invalid_response', 'The answer has authorization_details that are no list of objects with a type (RFC 9396 §7)');
}

function isDetails(value: unknown): value is readonly AuthorizationDetail[] {
  return Array.isArray(value) && value.every((detail) => typeof detail?.type === 'string' && detail.type !== '');
}
