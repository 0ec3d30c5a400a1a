/** One attempt at a token: load the credential, build the request, send it, read the answer. */
import {
  type AccessToken,
  type AuthorizationServer,
  buildTokenRequest,
  endpointFor,
  type HttpResponse,
  type MaybePromise,
  readDpopNonce,
  readTokenResponse,
  type TokenParameters,
  TokenResponseError,
} from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import type { Credential, LoadedCredential } from '../credential/credential.ts';
import type { Events } from '../events.ts';
import { withOnboarding } from '../onboarding-error.ts';
import type { Transport } from '../transport/transport.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { DpopKey } from './dpop-key.ts';

/** What all requests of one token source share. */
export interface RequestContext {
  readonly clientId: string;
  readonly credential: Credential;
  readonly parameters: TokenParameters;
  readonly transport: Pick<Transport, 'send'>;
  /** The server to ask; it may have to be discovered. */
  readonly serverOf: (authority: Authority, signal: AbortSignal) => Promise<AuthorizationServer>;
  readonly attemptTimeoutMs: number;
  readonly now: () => number;
  readonly uniqueId: () => string;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly events: Events;
  readonly clockOffset: ClockOffset;
  /** The key to bind tokens to, where they are to be. */
  readonly dpop: DpopKey | undefined;
  readonly isRefused: (fingerprint: string) => boolean;
}

/** One attempt: what is asked for, and which try it is, counted from 1. */
export interface Attempt {
  readonly authority: Authority;
  readonly scopes: readonly string[];
  /** A claims request, and what the client is able to do, beside what every request of the source asks for. */
  readonly claims: string | undefined;
  readonly capabilities: readonly string[];
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** From sending the request to the end of its answer, milliseconds. */
  readonly timeoutMs: number;
  /** Is shown the credential before it is used. What it throws ends the flight. */
  readonly onLoaded: (loaded: LoadedCredential) => void;
}

/** A token, or why there is none. */
export type AttemptOutcome = ({ readonly token: AccessToken } & Omit<FailedAttempt, 'error'>) | FailedAttempt;

export interface FailedAttempt {
  readonly error: unknown;
  /** The credential that was used, if it came to that. */
  readonly loaded?: LoadedCredential | undefined;
  /** The token endpoint, if it was asked. */
  readonly url?: string | undefined;
  /** The answer, if there was a whole one. */
  readonly exchange?: Exchange | undefined;
}

/** How far an attempt has come. */
type Progress = { -readonly [Part in 'url' | 'exchange']?: FailedAttempt[Part] };

/** An answer, and the clock before its request and after it, epoch milliseconds. */
interface Exchange {
  readonly url: string;
  /** The registered name of the client authentication. */
  readonly method: string;
  readonly response: HttpResponse;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/**
 * A token from one request with an assertion of its own. What goes wrong is the outcome, such as a `ProtocolError` for a bad credential
 * or parameter before anything was sent, a `TokenResponseError` for a refusal, or a `TokenSourceError`.
 *
 * @throws what `onLoaded` throws, and nothing else
 */
export async function attemptToken(context: RequestContext, attempt: Attempt): Promise<AttemptOutcome> {
  const startedAtMs = context.now();
  const ended = (outcome: AttemptOutcome): AttemptOutcome => {
    tellOutcome(context, attempt, { outcome, durationMs: context.now() - startedAtMs });
    return outcome;
  };
  let loaded: LoadedCredential;
  try {
    // First, so that a bad credential is known before a metadata endpoint is asked.
    loaded = await loadCredential(context, attempt);
  } catch (error) {
    return ended({ error });
  }
  attempt.onLoaded(loaded);
  const progress: Progress = {};
  try {
    const server = await context.serverOf(attempt.authority, attempt.signal);
    const token = await requestToken(context, attempt, { loaded, server, progress });
    return ended({ token, loaded, ...progress });
  } catch (error) {
    return ended({ error: withOnboarding(error, { server: attempt.authority, clientId: context.clientId }), loaded, ...progress });
  }
}

/** The credential as it is now. */
export function loadCredential(
  context: RequestContext,
  { authority, signal }: Pick<Attempt, 'authority' | 'signal'>,
): MaybePromise<LoadedCredential> {
  const { credential, events, clientId, now, random, sleep, transport, attemptTimeoutMs, isRefused } = context;
  return credential.load({
    authority,
    clientId,
    signal,
    now,
    random,
    sleep,
    transport,
    timeoutMs: attemptTimeoutMs,
    isRefused,
    onSkipped: (kind, error) => events.publish('credential-skipped', () => ({ credential: kind, error: nameOf(error) })),
  });
}

async function requestToken(
  context: RequestContext,
  { authority: _, scopes, claims, capabilities, attempts, signal, timeoutMs }: Attempt,
  { loaded, server, progress }: { loaded: LoadedCredential; server: AuthorizationServer; progress: Progress },
): Promise<AccessToken> {
  const { clientId, parameters, transport, now, uniqueId, clockOffset, dpop } = context;
  const authentication = loaded.authentication(server);
  const asked: TokenParameters = {
    ...parameters,
    scope: scopes,
    claims,
    capabilities: capabilities.length === 0 ? parameters.capabilities : [...new Set([...(parameters.capabilities ?? []), ...capabilities])],
    tokenType: dpop === undefined ? loaded.tokenType : 'dpop',
  };
  const url = endpointFor('token', { server, authentication });
  const sentAtMs = now();
  const request = await buildTokenRequest({
    ...asked,
    server,
    clientId,
    authentication,
    nowMs: sentAtMs + clockOffset.offsetMs,
    uniqueId,
    dpopProof: await dpop?.prove(url, { algorithms: server.dpopAlgorithms }),
    // Entra: finds this very attempt in the tenant's sign-in logs.
    ...(server.profile === 'entra' && { correlationId: uniqueId() }),
  });
  progress.url = url;
  const response = await transport.send({ ...request, tls: loaded.tls, signal, timeoutMs });
  progress.exchange = { url, method: authentication.method, response, sentAtMs, receivedAtMs: now() };
  const nonce = readDpopNonce(response.headers);
  if (nonce !== undefined) dpop?.keepNonce(url, nonce);
  const binding = loaded.bindsTokens === true ? loaded.tls : await dpop?.bind(() => token.value);
  const token: AccessToken = readTokenResponse(response, {
    ...asked,
    server,
    clientId,
    request,
    requestedAtMs: sentAtMs,
    receivedAtMs: now(),
    attempts,
    binding,
  });
  return token;
}

function tellOutcome(
  { events, credential }: RequestContext,
  { authority, scopes, attempts }: Attempt,
  { outcome, durationMs }: { outcome: AttemptOutcome; durationMs: number },
): void {
  const { loaded, url, exchange } = outcome;
  events.publish('token-request', () => ({
    ...(authority.tenant !== undefined && { tenant: authority.tenant }),
    scope: scopes.join(' '),
    ...(url !== undefined && { host: new URL(url).host }),
    ...(exchange !== undefined && { status: exchange.response.status }),
    credential: loaded?.kind ?? credential.kind,
    ...(loaded?.expiresAtMs !== undefined && { credentialExpiresAtMs: loaded.expiresAtMs }),
    attempt: attempts,
    ...('token' in outcome ? { outcome: 'token' as const } : failure(outcome.error)),
    durationMs,
  }));
}

function failure(error: unknown): { outcome: 'refused' | 'failed'; error: string; errorCodes?: readonly number[] } {
  if (!(error instanceof TokenResponseError)) return { outcome: 'failed', error: nameOf(error) };
  return { outcome: error.error === undefined ? 'failed' : 'refused', error: error.error ?? error.code, errorCodes: error.errorCodes };
}

/** By its code, else its class. Messages may hold anything, and stay out of events. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
