/** One attempt at a token: load the credential, build the request, send it, read the answer. */
import {
  type AccessToken,
  type AuthorizationServer,
  buildTokenRequest,
  readTokenResponse,
  type TokenParameters,
} from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import type { Credential } from '../credential/credential.ts';
import type { Transport } from '../transport/transport.ts';

/** What all requests of one token source share. */
export interface RequestContext {
  readonly clientId: string;
  readonly authority: Authority;
  readonly credential: Credential;
  readonly attemptTimeoutMs: number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly parameters: TokenParameters;
  readonly transport: Transport;
  /** The server to ask; it may have to be discovered. */
  readonly server: (signal: AbortSignal) => Promise<AuthorizationServer>;
  readonly now: () => number;
  readonly uniqueId: () => string;
}

/** One attempt: what is asked for, and which try it is, counted from 1. */
export interface Attempt {
  readonly scopes: readonly string[];
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** From sending the request to the end of its answer, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * A token from one request with an assertion of its own.
 *
 * @throws {ProtocolError} for a bad credential or parameter, before anything is sent; `TokenResponseError` for a refusal
 * @throws {TokenSourceError} `credential_unavailable`, `network`, `timeout`, `redirected`
 */
export async function attemptToken(context: RequestContext, { scopes, attempts, signal, timeoutMs }: Attempt): Promise<AccessToken> {
  const { clientId, credential, parameters, transport, now, uniqueId } = context;
  // First, so that a bad credential is known before a metadata endpoint is asked.
  const loaded = await credential.load({ ...context, timeoutMs: context.attemptTimeoutMs, isRefused: () => false, signal });
  const server = await context.server(signal);
  const asked = { ...parameters, scope: scopes };
  const requestedAtMs = now();
  const request = await buildTokenRequest({
    ...asked,
    server,
    clientId,
    authentication: loaded.authentication(server),
    nowMs: requestedAtMs,
    uniqueId,
    // Entra: finds this very attempt in the tenant's sign-in logs.
    ...(server.profile === 'entra' && { correlationId: uniqueId() }),
  });
  const response = await transport.send({ ...request, tls: loaded.tls, signal, timeoutMs });
  return readTokenResponse(response, { ...asked, server, clientId, request, requestedAtMs, receivedAtMs: now(), attempts });
}
