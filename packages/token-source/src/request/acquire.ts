/** Attempts at a token until one brings it, the failure is final, or the time is up. */
import { type AccessToken, ProtocolError, TokenResponseError } from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import type { LoadedCredential } from '../credential/credential.ts';
import { TokenSourceError, withAttempts } from '../errors.ts';
import type { AskedToken } from '../token-origin.ts';
import { attemptToken, type RequestContext } from './attempt.ts';
import { nextStep } from './next-step.ts';
import type { OwnTokens } from './own-token.ts';
import type { Refusals } from './refusals.ts';
import { isPropagating, Remedies, type RemedyContext } from './remedies.ts';
import type { Throttle } from './throttle.ts';

/** How long and how often to try, and what earlier flights have learnt. */
export interface RetryContext extends RequestContext, RemedyContext {
  readonly maxAttempts: number;
  readonly deadlineMs: number;
  /** Whether a new federated credential is waited for. */
  readonly federationPropagationRetry: boolean;
  readonly throttle: Throttle;
  readonly refusals: Refusals;
  readonly ownTokens: OwnTokens;
  /** Told of every credential that is loaded. */
  readonly onLoaded: (loaded: LoadedCredential) => void;
}

/** The token that is wanted, and of whom. */
export interface TokenAsk extends AskedToken {
  readonly authority: Authority;
}

/**
 * A token, after as many attempts as it takes and may take. The last attempt is cut to what the deadline leaves.
 *
 * @throws {TokenSourceError} `throttled` when the server wants a longer wait than the deadline leaves; `refused_recently`;
 *   `contradictory_token`; else what the last attempt threw
 */
export async function acquireToken(context: RetryContext, ask: TokenAsk, signal: AbortSignal): Promise<AccessToken> {
  const { maxAttempts, attemptTimeoutMs, now, random, sleep, throttle } = context;
  const deadlineAtMs = now() + context.deadlineMs;
  const refusedHere: RefusedHere[] = [];
  const remedies = new Remedies(context);
  for (let attempts = 1; ; attempts += 1) {
    // Later ones have waited already, as long as this client itself was told to.
    if (attempts === 1) await untilUnthrottled(context, ask, { deadlineAtMs, signal });
    const timeoutMs = Math.max(1, Math.min(attemptTimeoutMs, deadlineAtMs - now()));
    const onLoaded = (loaded: LoadedCredential): void => requireWorthTrying(context, ask, { loaded, refusedHere });
    const outcome = await attemptToken(context, { ...ask, attempts, signal, timeoutMs, onLoaded });
    if ('token' in outcome) {
      throttle.forget(ask.tenant);
      if (ask.authority.tenant !== undefined) context.ownTokens.require(outcome.token, { tenant: ask.authority.tenant, attempts });
      return outcome.token;
    }
    signal.throwIfAborted();

    const { error, loaded } = outcome;
    const judgement = judged(context, error);
    const { transient, retryAfterMs, propagating } = judgement;
    // Whatever else is not for now, such as a proxy's page, is no pause that the server asks for.
    if (transient && retryAfterMs !== undefined) keepPause(context, ask, retryAfterMs);
    const remedy = attempts < MOST_REQUESTS && !propagating ? remedies.find(outcome) : undefined;
    if (remedy === 'credential' && loaded !== undefined) refusedHere.push({ loaded, error });
    if (remedy !== undefined) continue;
    const most = propagating ? PROPAGATION_ATTEMPTS : maxAttempts;
    const step = nextStep({ ...judgement, attempts, maxAttempts: most, nowMs: now(), deadlineAtMs, random: random() });
    if (step.kind === 'throttled') throw throttled({ retryAtMs: step.retryAtMs, attempts, cause: error });
    if (step.kind === 'fail') {
      remember(context, ask, { error, fingerprint: loaded?.fingerprint });
      throw error instanceof TokenSourceError ? withAttempts(error, attempts) : error;
    }
    await sleep(step.ms, signal);
  }
}

/** Throws the refusal that this credential has met already, in this flight or a moment ago. */
function requireWorthTrying(
  context: RetryContext,
  ask: TokenAsk,
  { loaded, refusedHere }: { loaded: LoadedCredential; refusedHere: readonly RefusedHere[] },
): void {
  const { fingerprint } = loaded;
  context.onLoaded(loaded);
  if (isSpent(loaded, refusedHere)) {
    const error = refusedHere.at(-1)?.error;
    remember(context, ask, { error, fingerprint });
    throw error;
  }
  if (refusedHere.length === 0 && !ask.forceRefresh && !ask.isChallenged) {
    context.refusals.check({ key: ask.key, fingerprint }, context.now());
  }
}

/** A credential that the server has refused in this flight. */
interface RefusedHere {
  readonly loaded: LoadedCredential;
  readonly error: unknown;
}

/** Refused already; or one that renews itself, whose renewal was refused too: some are another one whenever they are asked for. */
function isSpent({ kind, fingerprint, renewsItself }: LoadedCredential, refusedHere: readonly RefusedHere[]): boolean {
  if (refusedHere.some(({ loaded }) => loaded.fingerprint === fingerprint)) return true;
  return renewsItself === true && refusedHere.filter(({ loaded }) => loaded.kind === kind).length >= MOST_RENEWALS;
}

function remember(
  { refusals, now }: RetryContext,
  ask: TokenAsk,
  { error, fingerprint }: { error: unknown; fingerprint: string | undefined },
): void {
  if (fingerprint !== undefined && !ask.isChallenged) refusals.remember({ key: ask.key, fingerprint }, error, now());
}

function keepPause({ throttle, events, now }: RetryContext, { tenant }: TokenAsk, retryAfterMs: number): void {
  const nowMs = now();
  throttle.remember(tenant, { retryAfterMs, nowMs });
  events.publish('throttled', () => ({ ...(tenant !== undefined && { tenant }), retryAtMs: nowMs + retryAfterMs }));
}

/** Until the server takes requests again, if that is in time. */
async function untilUnthrottled(
  { throttle, now, sleep }: RetryContext,
  { tenant }: TokenAsk,
  { deadlineAtMs, signal }: { deadlineAtMs: number; signal: AbortSignal },
): Promise<void> {
  const retryAtMs = throttle.retryAtMs(tenant, now());
  if (retryAtMs === undefined) return;
  if (retryAtMs >= deadlineAtMs) throw throttled({ retryAtMs, attempts: 0 });
  await sleep(retryAtMs - now(), signal);
}

interface Judgement {
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  /** Whether a new federated credential has to become known, and is waited for. */
  readonly propagating: boolean;
}

function judged({ federationPropagationRetry }: RetryContext, error: unknown): Judgement {
  if (federationPropagationRetry && isPropagating(error)) return { transient: true, retryAfterMs: undefined, propagating: true };
  return {
    propagating: false,
    transient: (error instanceof TokenSourceError || error instanceof ProtocolError) && error.transient,
    retryAfterMs: error instanceof TokenResponseError ? error.retryAfterMs : undefined,
  };
}

function throttled({ retryAtMs, attempts, cause }: { retryAtMs: number; attempts: number; cause?: unknown }): TokenSourceError {
  const at = new Date(retryAtMs).toISOString();
  const message = `The server takes no more requests before ${at}, which is later than this call may last; ask again then`;
  return new TokenSourceError('throttled', message, { transient: true, retryAtMs, attempts, cause });
}

/** However many credentials there are to fall back on. */
const MOST_REQUESTS = 10;
const PROPAGATION_ATTEMPTS = 5;
/** Requests with credentials of one kind that renew themselves. */
const MOST_RENEWALS = 2;
