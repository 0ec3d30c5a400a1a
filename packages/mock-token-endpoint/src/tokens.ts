/** Issues access tokens and token responses. RFC 6749 §5.1; claims as in Entra's access tokens of version 2. */
import { SignJWT } from 'jose';
import type { AuthenticatedClient } from './checks/client.ts';
import type { Client, Tenant } from './directory.ts';
import { guidOf } from './guid.ts';
import type { Services } from './services.ts';

/** What a token request was granted. */
export interface Grant {
  readonly tenant: Tenant;
  readonly client: Client;
  /** The resource as the scope named it; it becomes `aud`. */
  readonly audience: string;
  readonly roles: readonly string[];
  readonly credential: AuthenticatedClient['credential'];
}

/** What a scripted answer changes in a success: members of the response, and the claims `tid`, `appid` and `aud` of its token. */
export interface TokenOverrides {
  /** Seconds, as a number or as a string; `null` leaves the member out. The token's own `exp` stays. */
  readonly expires_in?: number | string | null | undefined;
  readonly refresh_in?: number | undefined;
  readonly token_type?: string | undefined;
  readonly scope?: string | undefined;
  readonly tid?: string | undefined;
  readonly appid?: string | undefined;
  readonly aud?: string | undefined;
}

/** The issuer of a tenant's tokens. */
export function issuerOf(authorityHost: string, tenantId: string): string {
  return `${authorityHost}/${tenantId}/v2.0`;
}

/** The members of a success response, with a token issued now. */
export async function issueTokenResponse(
  grant: Grant,
  { services, overrides = {} }: { services: Services; overrides?: TokenOverrides },
): Promise<Record<string, unknown>> {
  const { tid, appid, aud, expires_in = services.tokenLifetimeSeconds, ...members } = overrides;
  const lifetime = expires_in === null ? {} : { expires_in, ext_expires_in: expires_in };
  const access_token = await signAccessToken(grant, { services, tid, appid, aud });
  return { token_type: 'Bearer', ...lifetime, access_token, ...members };
}

interface TokenContext {
  readonly services: Services;
  readonly tid: string | undefined;
  readonly appid: string | undefined;
  readonly aud: string | undefined;
}

function signAccessToken(grant: Grant, { services, ...overrides }: TokenContext): Promise<string> {
  const { tenant, client, audience, roles, credential } = grant;
  const issuedAt = Math.floor(services.clock.now() / 1000);
  const appid = overrides.appid ?? client.id;
  const oid = guidOf('service principal', tenant.id, client.id);
  const claims = {
    aud: overrides.aud ?? audience,
    iss: issuerOf(services.authorityHost, tenant.id),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + services.tokenLifetimeSeconds,
    appid,
    azp: appid,
    azpacr: credential === 'secret' ? '1' : '2',
    idtyp: 'app',
    oid,
    sub: oid,
    tid: overrides.tid ?? tenant.id,
    jti: services.uniqueId(),
    ver: '2.0',
    ...(roles.length > 0 ? { roles } : {}),
  };
  const { privateKey, kid } = services.signingKey;
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid }).sign(privateKey);
}
