/** Asks the platform for a token of a managed identity, in the platform's own rhythm. */
import {
  type AccessToken,
  type HttpResponse,
  managedIdentityResource,
  ProtocolError,
  readManagedIdentityResponse,
  TokenResponseError,
} from '@client-credentials/protocol';
import { unavailable } from '../credential/unavailable.ts';
import { TokenSourceError } from '../errors.ts';
import type { Transport } from '../transport/transport.ts';
import type { Ask, Platform, PlatformRequest } from './platform.ts';

/** What it takes to ask. Times are milliseconds. */
export interface PlatformContext {
  readonly transport: Pick<Transport, 'send'>;
  readonly signal: AbortSignal;
  /** For one request. */
  readonly timeoutMs: number;
  /** For all requests and the pauses between them. */
  readonly deadlineMs: number;
  /** For whoever repeats all this itself, so that repetitions do not multiply. Default: as many as the platform's rhythm has. */
  readonly mostAttempts?: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * A token for the API of these scopes. Platforms keep tokens themselves, so it may be as old as they like; there is no way to ask for
 * a newer one.
 *
 * @throws {ProtocolError} `invalid_scope` unless it is one `{resource}/.default`
 * @throws {TokenSourceError} `credential_unavailable` with the platform's refusal as its cause; `network`, `timeout`, `redirected`
 * @see Use managed identities on a virtual machine, error handling
 *   https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
export async function acquireFromPlatform(platform: Platform, scopes: readonly string[], context: PlatformContext): Promise<AccessToken> {
  const { transport, signal, timeoutMs, now, sleep, mostAttempts = Number.POSITIVE_INFINITY } = context;
  const request = platform.buildRequest(managedIdentityResource(scopes));
  const deadlineAtMs = now() + context.deadlineMs;
  const ask: Ask = (asked, options) => {
    const mostMs = Math.max(1, Math.min(timeoutMs, deadlineAtMs - now()));
    return transport.send({ ...asked, direct: true, signal, timeoutMs: Math.min(options?.timeoutMs ?? mostMs, mostMs) });
  };
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(platform, { request, scopes, ask, attempts, now });
    if ('token' in outcome) return outcome.token;
    const { error } = outcome;
    signal.throwIfAborted();
    const pauseMs = attempts < mostAttempts ? pauseAfter(error, platform, attempts) : undefined;
    if (pauseMs === undefined || now() + pauseMs >= deadlineAtMs) throw told(error, platform, now());
    await sleep(pauseMs, signal);
  }
}

type Outcome = { readonly token: AccessToken } | { readonly error: unknown };

async function attempt(
  platform: Platform,
  {
    request,
    scopes,
    ask,
    attempts,
    now,
  }: { request: PlatformRequest; scopes: readonly string[]; ask: Ask; attempts: number; now: () => number },
): Promise<Outcome> {
  const requestedAtMs = now();
  try {
    await platform.find?.(ask);
    const { response, sent } = await withProof(platform, { request, ask });
    return {
      token: readManagedIdentityResponse(response, {
        scope: scopes,
        request: { headers: sent.headers, body: sent.body ?? '' },
        requestedAtMs,
        receivedAtMs: now(),
        attempts,
      }),
    };
  } catch (error) {
    return { error };
  }
}

/** The answer, and the request it came to, of which no error may repeat what is secret. */
async function withProof(
  platform: Platform,
  { request, ask }: { request: PlatformRequest; ask: Ask },
): Promise<{ readonly response: HttpResponse; readonly sent: PlatformRequest }> {
  const response = await ask(request);
  const proof = await platform.prove?.(response);
  if (proof === undefined) return { response, sent: request };
  const sent = { ...request, headers: { ...request.headers, ...proof } };
  return { response: await ask(sent), sent };
}

/** Until the next request, milliseconds; `undefined` if there is none. */
function pauseAfter(error: unknown, { retryRhythm }: Platform, attempts: number): number | undefined {
  if (error instanceof TokenResponseError) {
    const pauseMs = retryRhythm(error.status)[attempts - 1];
    return pauseMs === undefined ? undefined : Math.max(pauseMs, error.retryAfterMs ?? 0);
  }
  const isPassing = (error instanceof TokenSourceError || error instanceof ProtocolError) && error.transient;
  return isPassing ? retryRhythm(undefined)[attempts - 1] : undefined;
}

function told(error: unknown, { name, retryRhythm }: Platform, nowMs: number): unknown {
  if (!(error instanceof TokenResponseError)) return error;
  // The platform's own words say little of what to do here.
  const advice = error.status === 400 ? ' (is a managed identity assigned to this machine, and named rightly?)' : '';
  const transient = retryRhythm(error.status).length > 0;
  return unavailable(`${name} gave no token of a managed identity${advice}`, error, { nowMs, transient });
}
