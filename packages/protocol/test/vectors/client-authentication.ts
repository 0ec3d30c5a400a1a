/** `vectors/client-authentication.json` */
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import { clientAssertion } from '../../src/client-authentication/client-assertion.ts';
import type { ClientAuthentication } from '../../src/client-authentication/client-authentication.ts';
import { clientSecretBasic } from '../../src/client-authentication/client-secret-basic.ts';
import { clientSecretJwt } from '../../src/client-authentication/client-secret-jwt.ts';
import { clientSecretPost } from '../../src/client-authentication/client-secret-post.ts';
import { selfSignedTlsClientAuth } from '../../src/client-authentication/self-signed-tls-client-auth.ts';
import { tlsClientAuth } from '../../src/client-authentication/tls-client-auth.ts';
import type { Adapter } from './vector.ts';

interface Input {
  method: keyof typeof METHODS;
  options: { secret: string; encoding?: 'raw'; assertion: string };
  clientId: string;
  server?: AuthorizationServer;
  nowMs?: number;
  id?: string;
}

export const clientAuthentication: Adapter = ({ method, options, clientId, server, nowMs, id }: Input) =>
  METHODS[method](options).apply({ server: server ?? SERVER, clientId, nowMs: nowMs ?? 0, uniqueId: () => id ?? 'id' });

/** The methods that need no key. */
export const METHODS = {
  client_secret_basic: clientSecretBasic,
  client_secret_post: clientSecretPost,
  client_secret_jwt: clientSecretJwt,
  private_key_jwt: clientAssertion,
  tls_client_auth: tlsClientAuth,
  self_signed_tls_client_auth: selfSignedTlsClientAuth,
} satisfies Record<string, (options: Input['options']) => ClientAuthentication>;

const SERVER: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/token' };
