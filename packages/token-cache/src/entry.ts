/** A kept value with what was decided about it when it was stored, and the marks that the queues and the refresh leave on it. */
import type { Queued } from './expiry-queue.ts';
import { type Expiring, type FreshnessPolicy, type RefreshPoints, refreshPoints } from './freshness.ts';
import type { Linked } from './recency-queue.ts';
import type { Tagged } from './tag-index.ts';

export interface EntryOptions<V> {
  readonly key: string;
  readonly value: V;
  readonly policy: FreshnessPolicy;
  readonly nowMs: number;
  /** How much room it takes, key included. */
  readonly bytes: number;
  readonly tags: readonly string[];
  /** Whether the value has just been made. One that was found may be due because it is old, and then is renewed at once. */
  readonly isNew: boolean;
}

export class Entry<V extends Expiring> implements RefreshPoints, Queued, Tagged, Linked<Entry<V>> {
  readonly key: string;
  readonly value: V;
  readonly expiresAtMs: number;
  readonly dueAtMs: number;
  readonly hardAtMs: number;
  readonly bytes: number;
  readonly tags: readonly string[];
  /** Whether it was handed out since eviction last looked at it. */
  used = false;
  place = 0;
  older: Entry<V> | undefined = undefined;
  newer: Entry<V> | undefined = undefined;
  #refreshFromMs: number;
  #pauseMs = FIRST_PAUSE_MS;

  constructor({ key, value, policy, nowMs, bytes, tags, isNew }: EntryOptions<V>) {
    const { dueAtMs, hardAtMs } = refreshPoints(value, policy);
    this.key = key;
    this.value = value;
    this.expiresAtMs = value.expiresAtMs;
    this.dueAtMs = dueAtMs;
    this.hardAtMs = hardAtMs;
    this.bytes = bytes;
    this.tags = tags;
    // A new value that is due on arrival, by a wrong hint or an unknown lifetime, must not make every call ask for another.
    this.#refreshFromMs = nowMs < dueAtMs || !isNew ? dueAtMs : nowMs + FIRST_PAUSE_MS;
  }

  /** Also when more than the longest pause is left of one: then the clock was set back. */
  mayRefresh(nowMs: number): boolean {
    return nowMs >= this.#refreshFromMs || this.#refreshFromMs - nowMs > LONGEST_PAUSE_MS;
  }

  /** After a failure: no background refresh for 30 s, then for twice as long each time, up to 5 min. */
  pauseRefresh(nowMs: number): void {
    this.#refreshFromMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
