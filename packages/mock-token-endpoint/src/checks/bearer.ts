/** Judges the access token of an API request as a resource server must. RFC 6750 §2.1 and §3, RFC 7519 §4.1. */
import { compactVerify, type JWTPayload } from 'jose';
import type { GraphRefusal } from '../api/graph-answer.ts';
import { issuerOf } from '../entra/grant.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Checks } from './checks.ts';

/** The claims of a valid token. */
export interface AccessTokenClaims {
  readonly tenantId: string;
  readonly clientId: string;
  readonly roles: readonly string[];
}

/** Passes when the request carries a token that this mock issued for `resource` and that is valid now. */
export async function checkBearer(
  checks: Checks<GraphRefusal>,
  { request, services, resource }: { request: MockRequest; services: Services; resource: string },
): Promise<AccessTokenClaims> {
  const token = /^bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  checks.require(token !== undefined, {
    name: 'a bearer token is present',
    section: 'RFC 6750 §2.1',
    // RFC 6750 §3.1: no error code for a request that tried no authentication.
    refusal: { status: 401, code: 'InvalidAuthenticationToken', message: 'Access token is empty.', challenge: 'Bearer realm="mock-graph"' },
  });
  const claims = await readVerified(token, services);
  checks.require(claims !== undefined, {
    name: 'the signature verifies',
    section: 'RFC 7515 §5.2',
    refusal: invalidToken('The access token is malformed or its signature is invalid.'),
  });
  const tenant = services.directory.findTenant(String(claims['tid']));
  checks.require(tenant !== undefined && claims.iss === issuerOf(services.authorityHost, tenant.id), {
    name: 'the issuer is the tenant of tid',
    section: 'RFC 7519 §4.1.1',
    refusal: invalidToken('The issuer of the access token is not the tenant it names.'),
  });
  checks.require(claims.aud === resource || claims.aud === `${resource}/`, {
    name: 'the audience is this API',
    section: 'RFC 7519 §4.1.3',
    refusal: invalidToken('The audience of the access token is another API.'),
  });
  const nowSeconds = services.clock.now() / 1000;
  checks.require(claims.nbf !== undefined && claims.nbf <= nowSeconds, {
    name: 'the token is valid already',
    section: 'RFC 7519 §4.1.5',
    refusal: invalidToken('The access token is not valid yet.'),
  });
  checks.require(claims.exp !== undefined && nowSeconds < claims.exp, {
    name: 'the token has not expired',
    section: 'RFC 7519 §4.1.4',
    refusal: invalidToken('The access token has expired.'),
  });
  const roles = claims['roles'];
  return { tenantId: tenant.id, clientId: String(claims['appid']), roles: Array.isArray(roles) ? roles : [] };
}

async function readVerified(token: string, { signingKey }: Services): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await compactVerify(token, signingKey.publicKey, { algorithms: ['RS256'] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}

function invalidToken(message: string): GraphRefusal {
  return {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message,
    challenge: `Bearer error="invalid_token", error_description="${message}"`,
  };
}
