/** `vectors/token-requests.json` */
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { ClientAuthentication } from '../../src/client-authentication/client-authentication.ts';
import type { TokenParameters } from '../../src/token-request/parameters.ts';
import { buildTokenRequest } from '../../src/token-request/token-request.ts';
import { METHODS } from './client-authentication.ts';
import type { Adapter } from './vector.ts';

interface Input {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly authentication?: {
    readonly method: keyof typeof METHODS;
    readonly secret: string;
    readonly assertion: string;
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

/** Without one there is nothing, as when a JavaScript caller forgets it. */
function authenticationOf(described: Input['authentication']): ClientAuthentication {
  if (described === undefined) return undefined as unknown as ClientAuthentication;
  const { method, mutualTls, ...options } = described;
  return { ...METHODS[method](options), ...(mutualTls !== undefined && { mutualTls }) };
}
