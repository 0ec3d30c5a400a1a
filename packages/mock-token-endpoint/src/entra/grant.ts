/** What Entra grants an application: the claims of its access token, and the members of the response. RFC 6749 §5.1; Entra: access token claims. */
import type { AuthenticatedClient } from '../checks/client.ts';
import type { Client, Tenant } from '../directory/directory.ts';
import { guidOf } from '../guid.ts';
import type { Services } from '../services.ts';
import type { Grant } from '../tokens.ts';

/** What was asked for, and was found to be right. */
export interface Granted {
  readonly tenant: Tenant;
  readonly client: Client;
  /** The resource as the request named it; it becomes `aud`. */
  readonly audience: string;
  readonly roles: readonly string[];
  readonly credential: AuthenticatedClient['credential'];
}

/** The issuer of a tenant's tokens of version 2. */
export function issuerOf(authorityHost: string, tenantId: string): string {
  return `${authorityHost}/${tenantId}/v2.0`;
}

/** A grant of the v2.0 endpoint. */
export function grantV2({ tenant, client, audience, roles, credential }: Granted, services: Services): Grant {
  const { authorityHost, clock, tokenLifetimeSeconds, uniqueId } = services;
  const issuedAt = Math.floor(clock.now() / 1000);
  const oid = guidOf('service principal', tenant.id, client.id);
  return {
    type: 'JWT',
    claims: {
      aud: audience,
      iss: issuerOf(authorityHost, tenant.id),
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + tokenLifetimeSeconds,
      appid: client.id,
      azp: client.id,
      azpacr: credential === 'secret' ? '1' : '2',
      idtyp: 'app',
      oid,
      sub: oid,
      tid: tenant.id,
      jti: uniqueId(),
      ver: '2.0',
      ...(roles.length > 0 ? { roles } : {}),
    },
    members: { token_type: 'Bearer', expires_in: tokenLifetimeSeconds, ext_expires_in: tokenLifetimeSeconds },
  };
}
