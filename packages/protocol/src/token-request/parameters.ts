/** The parameters of a token request that the caller chooses. RFC 6749 §4.4.2 and §8.2, RFC 8707 §2. */
import type { AuthorizationServer } from '../authorization-server.ts';
import type { FormField } from '../encoding/form.ts';
import { requireDefaultScope } from '../entra/default-scope.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parseScope, type Scope } from './scope.ts';
import { type RequestedTokenType, requireTokenType } from './token-type.ts';

/** What a token is asked for. A parameter that is absent or empty is not sent. */
export interface TokenParameters {
  scope?: Scope | undefined;
  /** The API's identifier, an absolute URI; may be several. RFC 8707. Entra's v2 endpoint does not know it. */
  resource?: string | readonly string[] | undefined;
  /** Some servers' own name for the API, such as Auth0's. */
  audience?: string | undefined;
  /** A claims request, as JSON text. OpenID Connect Core §5.5. */
  claims?: string | undefined;
  /** A token bound to a key, in place of a Bearer token. */
  tokenType?: RequestedTokenType | undefined;
  /** Parameters of this server alone. They may not collide with those that are built here. */
  extra?: Readonly<Record<string, string>> | undefined;
}

/**
 * The parameters as form fields, in a fixed order, checked against the rules of the server's profile.
 *
 * @throws {ProtocolError} `invalid_scope` or `invalid_parameter`
 * @see RFC 6749 §4.4.2 https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2
 */
export function parameterFields(parameters: TokenParameters, server: Pick<AuthorizationServer, 'profile'>): readonly FormField[] {
  const scopes = parseScope(parameters.scope);
  const resources = [parameters.resource ?? []].flat();
  if (server.profile === 'entra') {
    requireDefaultScope(scopes);
    refuseResource(resources);
  }
  requireTokenType(parameters.tokenType, server);
  const fields: FormField[] = [
    ['scope', scopes.join(' ')],
    ...resources.filter((resource) => resource !== '').map((resource): FormField => ['resource', requireResource(resource)]),
    ['audience', parameters.audience ?? ''],
    ['claims', parameters.claims ?? ''],
    // RFC 9449 §5: the proof alone asks for a DPoP token; Entra wants its own type by name.
    ['token_type', parameters.tokenType === 'mtls_pop' ? parameters.tokenType : ''],
    ...extraFields(parameters.extra ?? {}),
  ];
  // RFC 6749 §3.2: a parameter without a value counts as omitted, so it is omitted.
  return fields.filter(([, value]) => value !== '');
}

/**
 * Extra parameters as form fields.
 *
 * @throws {ProtocolError} `invalid_parameter` if one carries a name that is built here: repeated parameters are forbidden
 * @see RFC 6749 §3.2 https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
function extraFields(extra: Readonly<Record<string, string>>): readonly FormField[] {
  const taken = Object.keys(extra).find((name) => RESERVED.has(name));
  if (taken !== undefined) {
    throw new ProtocolError(
      'invalid_parameter',
      `The extra parameter ${quote(taken)} is reserved; use the option or the authentication made for it`,
    );
  }
  const [name] = Object.entries(extra).find(([, value]) => typeof value !== 'string') ?? [];
  if (name !== undefined)
    throw new ProtocolError('invalid_parameter', `The extra parameter ${quote(name)} is no text; write its value as the server reads it`);
  return Object.entries(extra);
}

/** RFC 8707 §2: an absolute URI without a fragment. */
function requireResource(resource: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x22\x24-\x7e]+$/.test(resource)) return resource;
  throw new ProtocolError('invalid_parameter', `The resource ${quote(resource)} is not an absolute URI without a fragment (RFC 8707 §2)`);
}

// Entra: its v2 endpoint answers a `resource` parameter with AADSTS901002.
function refuseResource(resources: readonly string[]): void {
  const resource = resources.find((candidate) => candidate !== '');
  if (resource === undefined) return;
  throw new ProtocolError(
    'invalid_parameter',
    `Entra's v2 endpoint takes no resource parameter; write ${quote(resource)} as the scope ${quote(`${resource}/.default`)}`,
  );
}

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
  'token_type',
]);
