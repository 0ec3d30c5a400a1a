/** Thousands of random orders of what callers, sources and time may do, each step compared with a model that has no promises. */
import { createTokenCache, type TokenCache } from '@client-credentials/token-cache';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEYS, type Key, Model, type Step, type View, viewOf } from './interleaving-model.ts';
import { type Clock, createClock, HOUR_MS, MINUTE_MS, SECOND_MS, settled, type Value, value } from './support.ts';

const key = fc.constantFrom(...KEYS);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('get'), key, forceRefresh: rarely(), rejects: rarely() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('arrive'), key, lifetimeMs: fc.constantFrom(-SECOND_MS, SECOND_MS, HOUR_MS) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fail'), key, permanently: rarely() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abort'), index: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear') }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 55 * MINUTE_MS) }),
    },
  ),
  { maxLength: 40 },
);

function rarely(): fc.Arbitrary<boolean> {
  return fc.nat(4).map((n) => n === 0);
}

test('after every step of any order, calls, keys and flights are as the model says', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const world = new World();
      const model = new Model();
      for (const step of list) {
        world.take(step);
        model.take(step);
        await settled();
        expect(world.seen(), step.do).toEqual(model.seen());
      }
      await world.cache.close();
      expect(world.violations).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test('nor does it break when steps come faster than promises settle', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const world = new World();
      for (const step of list) {
        if (step.do === 'pass') await settled();
        world.take(step);
      }
      await settled();
      await world.cache.close();
      await settled();
      expect(world.violations).toEqual([]);
      expect(world.seen().calls).not.toContain('pending');
    }),
    { numRuns: 3_000 },
  );
});

/** The real cache, with what uses it. */
class World {
  readonly violations: string[] = [];
  readonly #clock: Clock = createClock();
  readonly cache: TokenCache<Value> = createTokenCache({
    now: this.#clock.now,
    policy: { jitter: 0 },
    flightTimeoutMs: 2 ** 31 - 1,
    isPermanent: (error) => (error as Error).message === 'permanent',
  });
  readonly #calls: string[] = [];
  readonly #controllers: AbortController[] = [];
  readonly #running: Record<Key, { resolve: (value: Value) => void; reject: (error: Error) => void }[]> = { a: [], b: [] };
  readonly #given: Partial<Record<Key, Value>> = {};
  #arrivals = 0;

  take(step: Step): void {
    switch (step.do) {
      case 'get':
        this.#get(step);
        break;
      case 'arrive': {
        const arrived = value(`${step.key}${this.#arrivals++}`, { atMs: this.#clock.nowMs, lifetimeMs: step.lifetimeMs });
        this.#running[step.key].shift()?.resolve(arrived);
        break;
      }
      case 'fail':
        this.#running[step.key].shift()?.reject(new Error(step.permanently ? 'permanent' : 'passing'));
        break;
      case 'abort':
        this.#controllers[step.index]?.abort(new Error('aborted'));
        break;
      case 'delete':
        void this.cache.delete(step.key);
        break;
      case 'clear':
        void this.cache.clear();
        break;
      case 'pass':
        this.#clock.nowMs += step.ms;
        break;
    }
  }

  seen(): View {
    return viewOf(this.#calls, (key) => ({
      peek: this.cache.peek(key)?.name,
      kept: this.cache.inspect(key) !== undefined,
      running: this.#running[key].length,
    }));
  }

  #get({ key, forceRefresh, rejects }: Extract<Step, { do: 'get' }>): void {
    const call = this.#calls.push('pending') - 1;
    const controller = new AbortController();
    this.#controllers.push(controller);
    const rejected = rejects ? this.#given[key] : undefined;
    const isKeptAlone = this.cache.inspect(key)?.refreshing === false;
    const arrivedBefore = this.#arrivals;
    const acquire = (): Promise<Value> => {
      if (this.#running[key].length > 0) this.violations.push(`two flights of ${key}`);
      return new Promise((resolve, reject) => this.#running[key].push({ resolve, reject }));
    };
    this.cache.get(key, { acquire, signal: controller.signal, forceRefresh, rejected }).then(
      (got) => {
        this.#calls[call] = got.name;
        this.#given[key] = got;
        if (!got.name.startsWith(key)) this.violations.push(`${got.name} for ${key}`);
        // What a flight brought to this call may have expired on the way; what was kept may not.
        const wasKept = isKeptAlone && Number(got.name.slice(1)) < arrivedBefore;
        if (wasKept && got.expiresAtMs <= this.#clock.nowMs) this.violations.push(`${got.name} has expired`);
        if (got === rejected) this.violations.push(`${got.name} was rejected`);
      },
      (error) => {
        this.#calls[call] = error.code ?? error.message;
      },
    );
  }
}
