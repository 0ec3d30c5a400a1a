/** Answers of a token endpoint, and what their readers make of them. */
import type { AuthorizationServer } from '../src/authorization-server.ts';
import type { HttpResponse } from '../src/http-response.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import { readTokenResponse, type TokenResponseContext } from '../src/token-response/token-response.ts';
import type { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';

export const requestedAtMs = Date.UTC(2026, 10, 23);
export const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' };
export const json = { 'content-type': 'application/json' };
export const success = { access_token: 'marker-token', token_type: 'Bearer', expires_in: 3600 };

export const answer = (body: unknown, more: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  headers: json,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});
export const read = (response: HttpResponse, scope?: string, server = rfc): AccessToken =>
  readTokenResponse(response, { server, clientId: 'me', scope, requestedAtMs });
export const readAs = (response: HttpResponse, context: Partial<TokenResponseContext>): AccessToken =>
  readTokenResponse(response, { server: rfc, requestedAtMs, ...context });
export const refusal = (response: HttpResponse): TokenResponseError => thrown(() => read(response)) as TokenResponseError;
