/** `vectors/token-requests.json` */
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { ClientAuthentication } from '../../src/client-authentication/client-authentication.ts';
import { clientSecretBasic } from '../../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../../src/client-authentication/client-secret-post.ts';
import { tlsClientAuth } from '../../src/client-authentication/tls-client-auth.ts';
import type { TokenParameters } from '../../src/token-request/parameters.ts';
import { buildTokenRequest } from '../../src/token-request/token-request.ts';
import type { Adapter } from './vector.ts';

interface Input {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly authentication?: {
    readonly method: string;
    readonly secret?: string;
    readonly assertion?: string;
    readonly mutualTls?: boolean;
  };
  readonly parameters?: TokenParameters;
  readonly correlationId?: string;
  readonly dpopProof?: string;
}

export const tokenRequests: Adapter = async (input: Input) => {
  const { parameters, authentication, ...rest } = input;
  const request = await buildTokenRequest({ ...rest, ...parameters, authentication: authenticationOf(authentication), nowMs: 0 });
  return { url: request.url, headers: request.headers, body: request.body };
};

function authenticationOf(described: Input['authentication']): ClientAuthentication {
  if (described === undefined) return undefined as unknown as ClientAuthentication;
  const { method, secret = '', assertion = '', mutualTls = false } = described;
  if (method === 'client_secret_post') return { ...clientSecretPost({ secret }), mutualTls };
  if (method === 'client_secret_basic') return { ...clientSecretBasic({ secret }), mutualTls };
  if (method === 'tls_client_auth') return tlsClientAuth();
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return {
    method,
    mutualTls,
    apply: async ({ clientId }) => ({ fields: { client_id: clientId, client_assertion_type, client_assertion: assertion } }),
  };
}
