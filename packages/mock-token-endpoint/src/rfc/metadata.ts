/** What this authorization server says of itself. RFC 8414 §2 and §3; the same document at OpenID Connect Discovery's place. */
import { API_RESOURCE, READ_USERS } from '../api-resource.ts';
import { ASYMMETRIC_ALGORITHMS } from '../checks/signature.ts';
import type { Answer } from '../server/http.ts';
import type { Services } from '../services.ts';
import { INTROSPECTION_PATH, KEYS_PATH, REVOCATION_PATH, TOKEN_PATH } from './paths.ts';

/** The metadata document: the issuer is the same whichever host it is asked of. */
export function answerMetadata({ authorityHost, issuer, mtlsOrigin }: Services): Answer {
  return {
    status: 200,
    headers: {},
    body: {
      issuer,
      ...endpointsAt(authorityHost),
      jwks_uri: `${authorityHost}${KEYS_PATH}`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: [READ_USERS, `${API_RESOURCE}/.default`],
      ...authenticationAt('token_endpoint'),
      ...authenticationAt('revocation_endpoint'),
      ...authenticationAt('introspection_endpoint'),
      dpop_signing_alg_values_supported: ASYMMETRIC_ALGORITHMS,
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: endpointsAt(mtlsOrigin),
    },
  };
}

/** `GET {issuer}/jwks`. RFC 7517 §5. */
export function answerKeys({ signingKey }: Services): Answer {
  return { status: 200, headers: {}, body: signingKey.keySet };
}

function endpointsAt(origin: string): object {
  return {
    token_endpoint: `${origin}${TOKEN_PATH}`,
    revocation_endpoint: `${origin}${REVOCATION_PATH}`,
    introspection_endpoint: `${origin}${INTROSPECTION_PATH}`,
  };
}

/** Without these, RFC 8414 §2 has a client assume `client_secret_basic`. */
function authenticationAt(endpoint: string): object {
  return {
    [`${endpoint}_auth_methods_supported`]: [
      ...['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt'],
      ...['tls_client_auth', 'self_signed_tls_client_auth'],
    ],
    [`${endpoint}_auth_signing_alg_values_supported`]: [...ASYMMETRIC_ALGORITHMS, 'HS256'],
  };
}
