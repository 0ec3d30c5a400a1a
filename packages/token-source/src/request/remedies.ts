/**
 * What makes it worth trying again at once after a refusal that would otherwise be final. Each exception stands here, by name; each
 * is made once in a flight, and none does harm: what is tried is another request, not the same once more.
 */
import { headerValue, readDpopNonceDemand, TokenResponseError } from '@client-credentials/protocol';
import { BoundedMap } from '../bounded-map.ts';
import type { Events } from '../events.ts';
import type { FailedAttempt } from './attempt.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { DpopKey } from './dpop-key.ts';

export interface RemedyContext {
  readonly clockOffset: ClockOffset;
  readonly dpop: DpopKey | undefined;
  readonly refusedCredentials: RefusedCredentials;
  readonly events: Events;
  readonly now: () => number;
}

/** What has changed since an attempt, so that the next one may fare better. */
export type Remedy = 'nonce' | 'clock' | 'credential';

/** The remedies of one flight; nonce and clock are good for one more attempt each. */
export class Remedies {
  readonly #context: RemedyContext;
  readonly #used = new Set<Remedy>();

  constructor(context: RemedyContext) {
    this.#context = context;
  }

  find(failed: FailedAttempt): Remedy | undefined {
    if (!this.#used.has('nonce') && this.#bringsNonce(failed)) return this.#use('nonce');
    if (!this.#used.has('clock') && this.#tellsTime(failed)) return this.#use('clock');
    return this.#rulesOutCredential(failed) ? 'credential' : undefined;
  }

  /** RFC 9449 §8: the proof lacked the nonce that this answer brought. */
  #bringsNonce({ exchange }: FailedAttempt): boolean {
    return this.#context.dpop !== undefined && exchange !== undefined && readDpopNonceDemand(exchange.response) !== undefined;
  }

  /** The assertion bore a time that is far from the server's. */
  #tellsTime({ error, loaded, exchange }: FailedAttempt): boolean {
    const { clockOffset, events } = this.#context;
    if (exchange === undefined || loaded === undefined || !DATED_METHODS.has(exchange.method)) return false;
    const { url, response } = exchange;
    if (!clockOffset.learn({ ...exchange, error, header: (name) => headerValue(response.headers, name) })) return false;
    events.publish('clock-offset', () => ({ host: new URL(url).host, offsetMs: clockOffset.offsetMs }));
    return true;
  }

  /** The credential is loaded anew, and tried only if it has been replaced, or there is another one. */
  #rulesOutCredential({ error, loaded }: FailedAttempt): boolean {
    const { refusedCredentials, events, now } = this.#context;
    if (loaded === undefined || !(error instanceof TokenResponseError && error.error === 'invalid_client')) return false;
    refusedCredentials.add(loaded.fingerprint, now());
    events.publish('credential-skipped', () => ({ credential: loaded.kind, error: 'invalid_client' }));
    return true;
  }

  #use(remedy: Remedy): Remedy {
    this.#used.add(remedy);
    return remedy;
  }
}

/** By these the client signs what bears a time. */
const DATED_METHODS: ReadonlySet<string> = new Set(['private_key_jwt', 'client_secret_jwt']);

/** The credentials that the server has refused of late. Where there is another one, that is tried first. */
export class RefusedCredentials {
  readonly #untilByFingerprint = new BoundedMap<number>(MOST_CREDENTIALS);

  add(fingerprint: string, nowMs: number): void {
    this.#untilByFingerprint.set(fingerprint, nowMs + REFUSED_MS);
  }

  /** Until an hour is over, or the clock was set back. */
  has(fingerprint: string, nowMs: number): boolean {
    const leftMs = (this.#untilByFingerprint.get(fingerprint) ?? 0) - nowMs;
    return leftMs > 0 && leftMs <= REFUSED_MS;
  }

  forget(): void {
    this.#untilByFingerprint.clear();
  }
}

const REFUSED_MS = 3_600_000;
const MOST_CREDENTIALS = 100;

/**
 * Whether a federated credential is not known yet: a new one takes minutes to reach all of Entra.
 *
 * Entra: its numbers for that, the one place where they decide anything, and only on request.
 */
export function isPropagating(error: unknown): boolean {
  return error instanceof TokenResponseError && error.errorCodes.some((code) => PROPAGATING.has(code));
}

const PROPAGATING: ReadonlySet<number> = new Set([70021, 700211, 700212, 700213]);
