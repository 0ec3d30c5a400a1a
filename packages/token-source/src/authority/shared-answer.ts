/** An answer that all authorities made from one have in common, such as where this process runs: asked for once, and kept for a time. */
import type { AuthorizationServer } from '@client-credentials/protocol';
import { createTokenCache, type Expiring, type TokenCache } from '@client-credentials/token-cache';
import { TokenSourceError } from '../errors.ts';
import type { DiscoveryContext } from './authority.ts';

/** What was answered, for as long as that may be relied on. */
export interface Answer<T> extends Expiring {
  readonly answer: T;
}

/** Asks on behalf of one of them. */
export type Question<T> = (server: AuthorizationServer, context: DiscoveryContext) => Promise<T>;

/**
 * The question, asked by nobody while the answer of another is good. Those who come at once wait for one answer; one that is half as old
 * as it may be is renewed in the background. A failure is not kept, and that a source was closed while it asked is no other one's failure.
 */
export function shareAnswer<T>(ask: Question<T>, { lifetimeMs }: { readonly lifetimeMs: number }): Question<Answer<T>> {
  let answers: TokenCache<Answer<T>> | undefined;
  return async (server, context) => {
    const { now, signal } = context;
    let hasAsked = false;
    const acquire = async (flight: AbortSignal): Promise<Answer<T>> => {
      hasAsked = true;
      const receivedAtMs = now();
      return { answer: await ask(server, { ...context, signal: flight }), receivedAtMs, expiresAtMs: receivedAtMs + lifetimeMs };
    };
    answers ??= createTokenCache({ name: 'authority', maxEntries: 1, flightTimeoutMs: LAST_RESORT_MS, now });
    for (;;) {
      try {
        return await answers.get('answer', { acquire, signal });
      } catch (error) {
        if (hasAsked || !isClosed(error)) throw error;
      }
    }
  };
}

/** Whether the source that asked was closed meanwhile. */
export function isClosed(error: unknown): boolean {
  return error instanceof TokenSourceError && error.code === 'closed';
}

/** Every request of a question has a shorter time of its own. */
const LAST_RESORT_MS = 2_000_000_000;
