/** Entra's public documents: OpenID configuration, signing keys, and which hosts are one cloud. OpenID Connect Discovery §4, RFC 7517 §5. */
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { entraError } from './answer.ts';
import { issuerOf } from './grant.ts';

/** `GET /{tenant}/v2.0/.well-known/openid-configuration`. A domain name gets the issuer of its GUID, as at Entra. */
export function answerConfiguration(request: MockRequest, { tenant, services }: { tenant: string; services: Services }): Answer {
  const found = services.directory.findTenant(tenant);
  if (found === undefined) return entraError({ aadsts: 900023 }, { request, services, facts: { tenant } });
  const base = `${request.origin}/${tenant}`;
  return {
    status: 200,
    headers: {},
    body: {
      issuer: issuerOf(services.authorityHost, found.id),
      // Clients insist on it, though nobody signs in here.
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      cloud_instance_name: new URL(request.origin).host,
      tenant_region_scope: 'WW',
    },
  };
}

/** `GET /{tenant}/discovery/v2.0/keys`: every tenant's tokens are signed with the same key. */
export function answerKeys(_request: MockRequest, { services }: { services: Services }): Answer {
  return { status: 200, headers: {}, body: services.signingKey.keySet };
}

/** `GET /common/discovery/instance`: this host stands alone, and no other is known. */
export function answerInstance(request: MockRequest, { services }: { services: Services }): Answer {
  const endpoint = request.query.get('authorization_endpoint') ?? '';
  const { host } = new URL(request.origin);
  if (!URL.canParse(endpoint) || new URL(endpoint).host !== host) return entraError({ aadsts: 50049 }, { request, services });
  const tenant = new URL(endpoint).pathname.split('/')[1];
  return {
    status: 200,
    headers: {},
    body: {
      'api-version': '1.1',
      tenant_discovery_endpoint: `${request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
