/** A cache in plain data, without promises: what each step does to calls and keys. The cache itself is compared with it. */
import { freshnessAt } from '@client-credentials/token-cache';
import { createClock, MINUTE_MS, SECOND_MS, type Value, value } from './support.ts';

export const KEYS = ['a', 'b'] as const;
export type Key = (typeof KEYS)[number];

export type Step =
  | { readonly do: 'get'; readonly key: Key; readonly forceRefresh: boolean; readonly rejects: boolean }
  | { readonly do: 'arrive'; readonly key: Key; readonly lifetimeMs: number }
  | { readonly do: 'fail'; readonly key: Key; readonly permanently: boolean }
  | { readonly do: 'abort'; readonly index: number }
  | { readonly do: 'delete'; readonly key: Key }
  | { readonly do: 'clear' }
  | { readonly do: 'pass'; readonly ms: number };

/** What can be seen from outside after a step. */
export interface View {
  /** What each call came to: `pending`, the name of a value, or the message or code of an error. */
  readonly calls: readonly string[];
  readonly keys: Readonly<Record<Key, { readonly peek: string | undefined; readonly kept: boolean; readonly running: number }>>;
}

export function viewOf(calls: readonly string[], key: (key: Key) => View['keys'][Key]): View {
  return { calls: [...calls], keys: { a: key('a'), b: key('b') } };
}

/** A key has a value, a flight, and lists of calls that wait. */
export class Model {
  readonly #calls: string[] = [];
  readonly #forced = new Set<number>();
  readonly #keys: Record<Key, ModelKey> = { a: {}, b: {} };
  #nowMs = createClock().nowMs;
  #arrivals = 0;

  take(step: Step): void {
    switch (step.do) {
      case 'get':
        this.#get(step);
        break;
      case 'arrive': {
        const arrived = value(`${step.key}${this.#arrivals++}`, { atMs: this.#nowMs, lifetimeMs: step.lifetimeMs });
        this.#land(step.key, arrived);
        break;
      }
      case 'fail':
        this.#land(step.key, step.permanently ? 'permanent' : 'passing');
        break;
      case 'abort':
        if (this.#calls[step.index] !== 'pending') break;
        this.#calls[step.index] = 'aborted';
        break;
      case 'delete':
        this.#remove(step.key);
        break;
      case 'clear':
        for (const key of KEYS) this.#remove(key);
        break;
      case 'pass':
        this.#nowMs += step.ms;
        break;
    }
  }

  seen(): View {
    return viewOf(this.#calls, (key) => {
      const { kept, flight } = this.#keys[key];
      const isFresh = kept !== undefined && this.#freshness(kept.value) === 'fresh';
      return { peek: isFresh ? kept.value.name : undefined, kept: kept !== undefined, running: flight === undefined ? 0 : 1 };
    });
  }

  #get({ key, forceRefresh, rejects }: Extract<Step, { do: 'get' }>): void {
    const call = this.#calls.push('pending') - 1;
    if (forceRefresh) this.#forced.add(call);
    const state = this.#keys[key];
    if (rejects && state.kept !== undefined && state.kept.value === state.given) delete state.kept;

    if (state.kept !== undefined && !forceRefresh) {
      const freshness = this.#freshness(state.kept.value);
      if (freshness === 'due' && this.#nowMs >= state.kept.refreshFromMs) state.flight ??= { removed: false, waiting: [], next: [] };
      if (freshness !== 'expired') {
        this.#end(state, [call], state.kept.value);
        return;
      }
    }
    state.flight ??= { removed: false, waiting: [], next: [] };
    (state.flight.removed ? state.flight.next : state.flight.waiting).push(call);
  }

  #land(key: Key, brought: Value | string): void {
    const state = this.#keys[key];
    if (state.flight === undefined) return;
    const { removed, waiting, next } = state.flight;
    delete state.flight;
    const isKept = typeof brought !== 'string' && !removed && this.#nowMs < brought.expiresAtMs;
    if (typeof brought === 'string') {
      const fallback =
        state.kept !== undefined && this.#nowMs < state.kept.value.expiresAtMs && brought !== 'permanent' ? state.kept.value : brought;
      for (const call of waiting) this.#end(state, [call], this.#forced.has(call) ? brought : fallback);
    } else {
      this.#end(state, waiting, brought);
    }
    if (isKept) {
      state.kept = { value: brought, refreshFromMs: 0, pauseMs: 30 * SECOND_MS };
    } else if (state.kept !== undefined) {
      state.kept.refreshFromMs = this.#nowMs + state.kept.pauseMs;
      state.kept.pauseMs = Math.min(2 * state.kept.pauseMs, 5 * MINUTE_MS);
    }
    const stillWaiting = next.filter((call) => this.#calls[call] === 'pending');
    if (stillWaiting.length > 0) state.flight = { removed: false, waiting: stillWaiting, next: [] };
  }

  #end(state: ModelKey, calls: readonly number[], outcome: Value | string): void {
    for (const call of calls) {
      if (this.#calls[call] !== 'pending') continue;
      this.#calls[call] = typeof outcome === 'string' ? outcome : outcome.name;
      if (typeof outcome !== 'string') state.given = outcome;
    }
  }

  #remove(key: Key): void {
    const state = this.#keys[key];
    delete state.kept;
    if (state.flight !== undefined) state.flight.removed = true;
  }

  #freshness(kept: Value): string {
    return freshnessAt(this.#nowMs, kept, { jitter: 0 });
  }
}

interface ModelKey {
  given?: Value;
  kept?: { readonly value: Value; refreshFromMs: number; pauseMs: number };
  flight?: { removed: boolean; readonly waiting: number[]; readonly next: number[] };
}
