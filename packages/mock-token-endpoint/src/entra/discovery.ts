/** Entra's public documents: OpenID configuration, signing keys, and which hosts are one cloud. OpenID Connect Discovery §4, RFC 7517 §5. */
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { entraError } from './answer.ts';
import { LOOPBACK_NAMES } from './loopback.ts';
import { isSharedTenant } from './tenant.ts';
import type { EndpointVersion } from './version.ts';

/** `GET /{tenant}/v2.0/.well-known/openid-configuration`, or without `v2.0`. A domain name gets the issuer and the endpoints of its GUID, as at Entra. */
export function answerConfiguration(
  request: MockRequest,
  { tenant, version, services }: { tenant: string; version: EndpointVersion; services: Services },
): Answer {
  // Entra: the document of many tenants has a template for an issuer, which no client can take for one.
  const isShared = isSharedTenant(tenant);
  const name = isShared ? tenant : services.directory.findTenant(tenant)?.id;
  if (name === undefined) return entraError({ aadsts: 900023 }, { request, services, facts: { tenant } });
  const base = `${request.origin}/${name}`;
  return {
    status: 200,
    headers: {},
    body: {
      issuer: version.issuerOf(services.authorityHost, isShared ? '{tenantid}' : name),
      // Clients insist on it, though nobody signs in here.
      authorization_endpoint: `${base}/${version.oauthPath}/authorize`,
      token_endpoint: `${base}/${version.oauthPath}/token`,
      token_endpoint_auth_methods_supported: [
        'client_secret_post',
        'private_key_jwt',
        'client_secret_basic',
        'self_signed_tls_client_auth',
      ],
      jwks_uri: `${base}/${version.keysPath}`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      // RFC 8705 §3.3 and §5.
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: `${services.mtlsOrigin}/${name}/${version.oauthPath}/token` },
      cloud_instance_name: new URL(request.origin).host,
      tenant_region_scope: 'WW',
    },
  };
}

/** `GET /{tenant}/discovery/v2.0/keys`, or without `v2.0`: every tenant's tokens of either version are signed with the same key. */
export function answerKeys(_request: MockRequest, { services }: { services: Services }): Answer {
  return { status: 200, headers: {}, body: services.signingKey.keySet };
}

/** `GET /common/discovery/instance`: the names of this host are one cloud, and no other is known. */
export function answerInstance(request: MockRequest, { services }: { services: Services }): Answer {
  const endpoint = request.query.get('authorization_endpoint') ?? '';
  const preferred = new URL(services.authorityHost).host;
  const aliases = LOOPBACK_NAMES.map((name) => Object.assign(new URL(services.authorityHost), { hostname: name }).host);
  if (!URL.canParse(endpoint) || !aliases.includes(new URL(endpoint).host)) return entraError({ aadsts: 50049 }, { request, services });
  const tenant = new URL(endpoint).pathname.split('/')[1];
  return {
    status: 200,
    headers: {},
    body: {
      'api-version': '1.1',
      tenant_discovery_endpoint: `${request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: preferred, preferred_cache: preferred, aliases }],
    },
  };
}
