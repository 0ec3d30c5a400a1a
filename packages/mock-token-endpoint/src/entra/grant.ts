/** What Entra grants an application: the claims of its access token, and the members of the response. RFC 6749 §5.1; Entra: access token claims. */
import type { X509Certificate } from 'node:crypto';
import type { Client } from '../directory/client.ts';
import type { Tenant } from '../directory/directory.ts';
import { guidOf } from '../guid.ts';
import { certificateThumbprint } from '../pki/thumbprint.ts';
import type { Services } from '../services.ts';
import type { Grant } from '../tokens.ts';
import type { AuthenticatedClient } from './checks/client.ts';

/** What was asked for, and was found to be right. */
export interface Granted {
  readonly tenant: Pick<Tenant, 'id'>;
  readonly client: Pick<Client, 'id'>;
  /** The resource as the request named it; it becomes `aud`. */
  readonly audience: string;
  readonly roles: readonly string[];
  readonly credential: AuthenticatedClient['credential'];
  /** The certificate that has to come with the token whenever it is used. RFC 8705 §3. */
  readonly boundTo?: X509Certificate | undefined;
}

/** The issuer of a tenant's tokens of version 2. */
export function issuerOf(authorityHost: string, tenantId: string): string {
  return `${authorityHost}/${tenantId}/v2.0`;
}

/** The issuer of a tenant's tokens of version 1. */
export function issuerOfV1(authorityHost: string, tenantId: string): string {
  return `${authorityHost}/${tenantId}/`;
}

/** The object id of an application's service principal in a tenant: `oid` and `sub` of its tokens. */
export function objectIdOf(tenantId: string, clientId: string): string {
  return guidOf('service principal', tenantId, clientId);
}

/** A grant of the v2.0 endpoint. */
export function grantV2(granted: Granted, services: Services): Grant {
  const { tenant, client, credential } = granted;
  const { tokenLifetimeSeconds } = services;
  return {
    type: 'JWT',
    claims: {
      ...commonClaims(granted, services),
      iss: issuerOf(services.authorityHost, tenant.id),
      azp: client.id,
      azpacr: CREDENTIAL_CLASS[credential],
      ver: '2.0',
    },
    members: { token_type: tokenType(granted), expires_in: tokenLifetimeSeconds, ext_expires_in: tokenLifetimeSeconds },
  };
}

/** A grant of the endpoint without a version in its path. Its response writes every number as a string. */
export function grantV1(granted: Granted, services: Services): Grant {
  const { tenant, audience, credential } = granted;
  const claims = commonClaims(granted, services);
  const iss = issuerOfV1(services.authorityHost, tenant.id);
  const lifetime = String(services.tokenLifetimeSeconds);
  return {
    type: 'JWT',
    claims: { ...claims, iss, idp: iss, appidacr: CREDENTIAL_CLASS[credential], ver: '1.0' },
    members: {
      token_type: tokenType(granted),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      expires_on: String(claims.exp),
      not_before: String(claims.nbf),
      resource: audience,
    },
  };
}

function commonClaims({ tenant, client, audience, roles, boundTo }: Granted, { clock, tokenLifetimeSeconds, uniqueId }: Services) {
  const issuedAt = Math.floor(clock.now() / 1000);
  const oid = objectIdOf(tenant.id, client.id);
  return {
    aud: audience,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + tokenLifetimeSeconds,
    appid: client.id,
    idtyp: 'app',
    oid,
    sub: oid,
    tid: tenant.id,
    jti: uniqueId(),
    ...(roles.length > 0 ? { roles } : {}),
    ...(boundTo ? { cnf: { 'x5t#S256': certificateThumbprint(boundTo) } } : {}),
  };
}

function tokenType({ boundTo }: Granted): string {
  return boundTo ? 'mtls_pop' : 'Bearer';
}

/** What `azpacr` and `appidacr` call a credential. */
const CREDENTIAL_CLASS = { secret: '1', certificate: '2' } as const;
