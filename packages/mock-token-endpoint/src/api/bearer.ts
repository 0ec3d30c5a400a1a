/** Judges the access token of an API request as a resource server must. RFC 6750 §2.1 and §3, RFC 7519 §4.1. */
import type { JWTPayload } from 'jose';
import { readAccessToken } from '../checks/access-token.ts';
import type { Checks } from '../checks/checks.ts';
import { issuerOf, issuerOfV1 } from '../entra/grant.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { checkBinding } from './binding.ts';
import type { TokenScheme } from './challenge.ts';
import { type GraphRefusal, unauthorized } from './graph-answer.ts';

/** The token a request carries, unjudged but for its signature. */
export interface PresentedToken {
  readonly scheme: TokenScheme;
  readonly text: string;
  /** What it says, when this mock signed it. */
  readonly claims: JWTPayload | undefined;
}

/** Whom a valid token speaks for. */
export interface Caller {
  readonly tenantId: string;
  readonly clientId: string;
  /** Entra's `roles`, or the `scope` of the RFC face. */
  readonly roles: readonly string[];
}

/** The token in `Authorization`, or `undefined` when there is none of a scheme that this API knows. */
export async function readPresentedToken(request: MockRequest, services: Services): Promise<PresentedToken | undefined> {
  const [, name = '', text = ''] = /^(\S+) +(\S+)$/.exec(request.headers['authorization'] ?? '') ?? [];
  const scheme = SCHEMES.find((each) => each.toLowerCase() === name.toLowerCase());
  return scheme && { scheme, text, claims: await readAccessToken(text, services) };
}

interface BearerContext {
  readonly presented: PresentedToken | undefined;
  readonly request: MockRequest;
  readonly services: Services;
  /** The values of `aud` that mean this API. */
  readonly audiences: readonly string[];
}

/** Passes when this mock issued the token for one of `audiences`, it is valid now, and the request proves what it is bound to. */
export async function checkBearer(
  checks: Checks<GraphRefusal>,
  { presented, request, services, audiences }: BearerContext,
): Promise<Caller> {
  checks.require(presented !== undefined, {
    name: 'an access token is present',
    section: 'RFC 6750 §2.1',
    refusal: { status: 401, code: 'InvalidAuthenticationToken', message: 'Access token is empty.' },
  });
  const { scheme, claims } = presented;
  const invalid = (description: string) => unauthorized({ scheme, error: 'invalid_token', description });
  checks.require(claims !== undefined, {
    name: 'the signature verifies',
    section: 'RFC 7515 §5.2',
    refusal: invalid('The access token is malformed or its signature is invalid.'),
  });
  const tenantId = findIssuingTenant(claims, services);
  checks.require(tenantId !== undefined, {
    name: 'the issuer is the RFC face, or the tenant of tid',
    section: 'RFC 7519 §4.1.1',
    refusal: invalid('The issuer of the access token is not the tenant it names.'),
  });
  checks.require(typeof claims.aud === 'string' && audiences.includes(claims.aud), {
    name: 'the audience is this API',
    section: 'RFC 7519 §4.1.3',
    refusal: invalid('The audience of the access token is another API.'),
  });
  const nowSeconds = services.clock.now() / 1000;
  const { nbf = nowSeconds, exp = nowSeconds } = claims;
  checks.require(nbf <= nowSeconds, {
    name: 'the token is valid already',
    section: 'RFC 7519 §4.1.5',
    refusal: invalid('The access token is not valid yet.'),
  });
  checks.require(nowSeconds < exp, {
    name: 'the token has not expired',
    section: 'RFC 7519 §4.1.4',
    refusal: invalid('The access token has expired.'),
  });
  checks.require(!services.rfc.isRevoked(String(claims.jti), { nowMs: services.clock.now() }), {
    name: 'the token has not been revoked',
    section: 'RFC 7009 §2',
    refusal: invalid('The access token has been revoked.'),
  });
  await checkBinding(checks, { scheme, text: presented.text, claims, request, services });
  return { tenantId, clientId: clientOf(claims), roles: rolesOf(claims) };
}

/** What rules match on and the journal shows, also of a token that has expired or is for somebody else. */
export function factsOf(claims: JWTPayload | undefined): Pick<Outcome, 'tenant' | 'clientId' | 'tokenClaims'> {
  if (!claims) return {};
  const { tid } = claims;
  return { tokenClaims: claims, clientId: clientOf(claims), tenant: typeof tid === 'string' ? tid : undefined };
}

/** The client a token was issued to. RFC 9068 §2.2 calls it `client_id`, Entra `appid`. */
function clientOf(claims: JWTPayload): string {
  return String(claims['client_id'] ?? claims['appid']);
}

/** The RFC face has no tenants: its callers are in the mock's own. */
function findIssuingTenant({ iss, tid, ver }: JWTPayload, { issuer, authorityHost, platform, directory }: Services): string | undefined {
  if (iss === issuer) return platform.tenantId;
  const tenant = directory.findTenant(String(tid));
  const issuerOfTenant = ver === '1.0' ? issuerOfV1 : issuerOf;
  return tenant && iss === issuerOfTenant(authorityHost, tenant.id) ? tenant.id : undefined;
}

function rolesOf({ roles, scope }: JWTPayload): readonly string[] {
  if (typeof scope === 'string') return scope.split(' ');
  return Array.isArray(roles) ? roles : [];
}

const SCHEMES: readonly TokenScheme[] = ['Bearer', 'DPoP', 'mtls_pop'];
