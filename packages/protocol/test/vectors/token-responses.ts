/** `vectors/token-responses.json` */
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { TokenParameters } from '../../src/token-request/parameters.ts';
import { readTokenResponse } from '../../src/token-response/token-response.ts';
import type { Adapter } from './vector.ts';

interface Input {
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly bodyBase64url?: string;
  };
  readonly context: TokenParameters & { profile: AuthorizationServer['profile']; requestedAtMs: number; allowBearer?: boolean };
}

export const tokenResponses: Adapter = ({ response, context }: Input) => {
  const { status, headers, bodyBase64url } = response;
  const { profile, ...rest } = context;
  const body = bodyBase64url === undefined ? (response.body ?? '') : Buffer.from(bodyBase64url, 'base64url');
  const server: AuthorizationServer = { profile, issuer: 'https://as.example', tokenEndpoint: 'https://as.example/token' };
  const token = readTokenResponse({ status, headers, body }, { ...rest, server });
  return { ...token, value: token.value };
};
