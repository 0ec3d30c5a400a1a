/** Thousands of random orders of what three processes, their sources, their store and time may do: what must hold for every caller, whatever happens. */
import type { TokenCache } from '@client-credentials/token-cache';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from './memory-store.ts';
import { createSharing, type Sharing } from './sharing.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, settled, type Value, value } from './support.ts';

const KEYS = ['a', 'b'] as const;
const LEASE_MS = 5 * SECOND_MS;
const process = fc.nat(2);
const key = fc.constantFrom(...KEYS);
const rarely = fc.nat(5).map((n) => n === 0);

type Step =
  | { readonly do: 'get'; readonly process: number; readonly key: string; readonly forceRefresh: boolean; readonly rejects: boolean }
  | { readonly do: 'arrive'; readonly index: number; readonly lifetimeMs: number }
  | { readonly do: 'fail' | 'abort'; readonly index: number }
  | { readonly do: 'delete'; readonly process: number; readonly key: string }
  | { readonly do: 'wake' | 'resume' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'break'; readonly operation: Operation; readonly by: 'fail' | 'hang' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('get' as const), process, key, forceRefresh: rarely, rejects: rarely }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('arrive' as const), index: fc.nat(3), lifetimeMs: fc.constantFrom(-1, MINUTE_MS, HOUR_MS) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'abort' as const), index: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), process, key }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('wake' as const, 'wake' as const, 'resume' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.constantFrom(SECOND_MS, 10 * SECOND_MS, 30 * MINUTE_MS, 55 * MINUTE_MS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('break' as const),
        operation: fc.constantFrom<Operation>('read', 'write', 'delete', 'lease', 'renew', 'release'),
        by: fc.constantFrom('fail' as const, 'hang' as const),
      }),
    },
  ),
  { maxLength: 40 },
);

test.each([
  ['as fast as promises settle', true],
  ['faster than promises settle', false],
])('no caller gets what it must not, and none is left waiting, when steps come %s', { timeout: 60_000 }, async (_how, settles) => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const world = new World();
      for (const step of list) {
        // Whoever was given something before a time is judged by that time.
        if (settles || step.do === 'pass') await world.settle();
        world.take(step);
      }
      await world.end();
      expect(world.violations).toEqual([]);
      expect(world.pending).toBe(0);
    }),
    { numRuns: 3_000 },
  );
});

interface Acquisition {
  readonly key: string;
  readonly process: number;
  readonly startedAtMs: number;
  readonly isLeased: boolean;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** Three real caches over one store, with those who use them. */
class World {
  readonly violations: string[] = [];
  pending = 0;
  readonly #sharing: Sharing = createSharing();
  // Long enough that no timer of a flight or of the circuit decides anything here.
  readonly #caches: readonly TokenCache<Value>[] = [0, 1, 2].map(() =>
    this.#sharing.join({ flightTimeoutMs: 2 ** 31 - 1, storeTimeoutMs: 2 ** 31 - 1 }),
  );
  readonly #controllers: AbortController[] = [];
  #running: Acquisition[] = [];
  readonly #given: Partial<Record<string, Value>>[] = [{}, {}, {}];
  #arrivals = 0;
  #settledArrivals = 0;
  #wasBroken = false;

  take(step: Step): void {
    const { clock, store, wake } = this.#sharing;
    switch (step.do) {
      case 'get':
        this.#get(step);
        break;
      case 'arrive': {
        const acquisition = this.#take(step.index);
        const name = `${acquisition?.key}${this.#arrivals++}`;
        acquisition?.resolve(value(name, { atMs: clock.nowMs, lifetimeMs: step.lifetimeMs }));
        break;
      }
      case 'fail':
        this.#take(step.index)?.reject(new Error('unreachable'));
        break;
      case 'abort':
        this.#controllers[step.index]?.abort(new Error('aborted'));
        break;
      case 'delete':
        // While a value is being removed from the store, nobody asks that for it, nor for its lease.
        this.#wasBroken = true;
        this.#caches[step.process]?.delete(step.key).catch(() => {});
        break;
      case 'wake':
        void wake();
        break;
      case 'resume':
        store.resume();
        break;
      case 'pass':
        clock.nowMs += step.ms;
        break;
      case 'break':
        this.#wasBroken = true;
        store[step.by]([step.operation]);
        break;
    }
  }

  async settle(): Promise<void> {
    await settled();
    this.#settledArrivals = this.#arrivals;
  }

  /** Lets everything that is under way come to an end, in whatever state it is. */
  async end(): Promise<void> {
    const { clock, store, wake } = this.#sharing;
    for (let round = 0; round < 30 && this.pending > 0; round += 1) {
      store.resume();
      clock.nowMs += LEASE_MS;
      await settled();
      for (const { reject } of this.#running.splice(0)) reject(new Error('the end'));
      await wake();
    }
    store.resume();
    await Promise.all(this.#caches.map((cache) => cache.close()));
    await settled();
  }

  #take(index: number): Acquisition | undefined {
    return this.#running.splice(index % Math.max(1, this.#running.length), 1)[0];
  }

  #get({ process, key, forceRefresh, rejects }: Extract<Step, { do: 'get' }>): void {
    const { clock } = this.#sharing;
    const cache = this.#caches[process];
    const given = this.#given[process] ?? {};
    const controller = new AbortController();
    this.#controllers.push(controller);
    const rejected = rejects ? given[key] : undefined;
    const arrivedBefore = this.#settledArrivals;
    const acquire = (): Promise<Value> => this.#acquire(process, key, { isLeased: !forceRefresh });
    this.pending += 1;
    cache
      ?.get(key, { acquire, signal: controller.signal, forceRefresh, rejected })
      .then(
        (got) => {
          given[key] = got;
          const wasKept = Number(got.name.slice(1)) < arrivedBefore;
          if (!got.name.startsWith(key)) this.violations.push(`${got.name} for ${key}`);
          // What a flight brought may have expired on the way; what lay in memory or in the store may not.
          if (wasKept && got.expiresAtMs <= clock.nowMs) this.violations.push(`${got.name} has expired`);
          if (rejected !== undefined && got.name === rejected.name) this.violations.push(`${got.name} was rejected`);
          if (forceRefresh && wasKept) this.violations.push(`${got.name} was to be renewed`);
        },
        () => {},
      )
      .finally(() => {
        this.pending -= 1;
      });
  }

  #acquire(process: number, key: string, { isLeased }: { isLeased: boolean }): Promise<Value> {
    const nowMs = this.#sharing.clock.nowMs;
    for (const other of this.#running) {
      if (other.key !== key) continue;
      if (other.process === process) this.violations.push(`two flights of ${key} in one process`);
      const isUnderLease = other.isLeased && isLeased && nowMs < other.startedAtMs + LEASE_MS;
      if (isUnderLease && !this.#wasBroken) this.violations.push(`two flights of ${key} under one lease`);
    }
    return new Promise((resolve, reject) => this.#running.push({ key, process, startedAtMs: nowMs, isLeased, resolve, reject }));
  }
}
