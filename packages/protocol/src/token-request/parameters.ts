/** The parameters of a token request that the caller chooses. RFC 6749 §4.4.2 and §8.2. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import type { FormField } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { isPlainObject } from '../plain-object.ts';
import { type AuthorizationDetail, buildAuthorizationDetails } from './authorization-details.ts';
import { buildClaims } from './claims.ts';
import { requireDefaultScope } from './default-scope.ts';
import { parseResource } from './resource.ts';
import { parseScope, type Scope } from './scope.ts';
import { type RequestedTokenType, requireTokenType } from './token-type.ts';

/** What a token is asked for. A parameter that is absent or empty is not sent. */
export interface TokenParameters {
  scope?: Scope | undefined;
  /** The API's identifier, an absolute URI; may be several. RFC 8707. Entra's v2 endpoint does not know it. */
  resource?: string | readonly string[] | undefined;
  /** Some servers' own name for the API, such as Auth0's. */
  audience?: string | undefined;
  /** A claims request, as JSON text of at most 16 KiB. OpenID Connect Core §5.5. */
  claims?: string | undefined;
  /**
   * Entra: what this client is able to do. `cp1` says that it meets claims challenges, which is a promise for every API that is
   * called with the token: each may answer 401 with a challenge at any time, whose claims belong in a new token request. In
   * return tokens live up to 28 hours, since an API may end one early. Where the caller is a daemon, only Microsoft Graph does so
   * today (2026-11), and only for an application of a single tenant: when its service principal is disabled, deleted or at high
   * risk, or calls from a place that a policy forbids. Managed identities have no part in it.
   */
  capabilities?: readonly string[] | undefined;
  /** Permissions finer than a scope. RFC 9396. */
  authorizationDetails?: readonly AuthorizationDetail[] | undefined;
  /** A token bound to a key, in place of a Bearer token. */
  tokenType?: RequestedTokenType | undefined;
  /** Parameters of this server alone, such as Entra's `fmi_path`. They may not collide with those that are built here. */
  extra?: Readonly<Record<string, string>> | undefined;
}

/**
 * The parameters as form fields, in a fixed order, checked against the rules of the server's profile.
 *
 * @throws {ProtocolError} `invalid_scope` or `invalid_parameter`
 * @see RFC 6749 §4.4.2 https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
 */
export function parameterFields(parameters: TokenParameters, server: Pick<AuthorizationServer, 'profile'>): readonly FormField[] {
  const { audience = '', authorizationDetails, tokenType, extra = {} } = parameters;
  const scopes = parseScope(parameters.scope);
  if (isEntra(server)) requireDefaultScope(scopes);
  requireTokenType(tokenType, server);
  if (typeof audience !== 'string')
    throw new ProtocolError('invalid_parameter', `The audience is ${quote(audience)}; give one text, the API's name at this server`);
  const fields: FormField[] = [
    ['scope', scopes.join(' ')],
    ...parseResource(parameters.resource, server).map((resource): FormField => ['resource', resource]),
    ['audience', audience],
    ['claims', buildClaims(parameters)],
    ['authorization_details', buildAuthorizationDetails(authorizationDetails)],
    // RFC 9449 §5: the proof alone asks for a DPoP token; Entra wants its own type by name.
    ['token_type', tokenType === 'mtls_pop' ? tokenType : ''],
    ...extraFields(extra),
  ];
  // RFC 6749 §3.2: a parameter without a value counts as omitted, so it is omitted.
  return fields.filter(([, value]) => value !== '');
}

/** RFC 6749 §8.2 has the names; §3.2 forbids the same one twice, so none that is built here or belongs to another grant passes. */
function extraFields(extra: Readonly<Record<string, string>>): readonly FormField[] {
  if (!isPlainObject(extra))
    throw new ProtocolError('invalid_parameter', `The extra parameters are ${quote(extra)}; give a plain object of names and texts`);
  const fields = Object.entries(extra);
  for (const [name, value] of fields) {
    if (!PARAMETER_NAME.test(name))
      throw new ProtocolError(
        'invalid_parameter',
        `The extra parameter ${quote(name)} has a name outside RFC 6749 §8.2 (letters, digits, - . _)`,
      );
    // Some servers read names without case.
    if (RESERVED.has(name.toLowerCase())) {
      throw new ProtocolError(
        'invalid_parameter',
        `The extra parameter ${quote(name)} is reserved; use the option or the authentication made for it`,
      );
    }
    if (typeof value !== 'string')
      throw new ProtocolError('invalid_parameter', `The extra parameter ${quote(name)} is no text; write its value as the server reads it`);
  }
  return fields;
}

const PARAMETER_NAME = /^[A-Za-z0-9._-]+$/;
const RESERVED: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
  'resource',
  'audience',
  'claims',
  'authorization_details',
  'token_type',
  // What other grants send, all of it secret; the password grant must not be used at all (RFC 9700 §2.4).
  'actor_token',
  'assertion',
  'code',
  'code_verifier',
  'device_code',
  'password',
  'refresh_token',
  'subject_token',
]);
