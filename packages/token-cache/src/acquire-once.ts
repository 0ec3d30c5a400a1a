/**
 * A flight across processes: whoever holds the lease of a key acquires, the others wait for what it leaves in the store. The lease
 * saves work and no more. When it is lost, or the store fails, two may acquire at once, and each gets a good value.
 */
import type { Events } from './events.ts';
import type { Expiring } from './freshness.ts';
import type { SharedValues } from './shared-values.ts';
import type { Lease } from './store.ts';

export interface SharedFlight<V extends Expiring> {
  readonly key: string;
  readonly shared: SharedValues<V>;
  readonly events: Events;
  /** A value in the store that ends the flight. `removing`: a rejected one that lies there is removed. */
  readonly look: (options: { readonly removing: boolean }) => Promise<V | undefined>;
  /** Rejects at the latest when the flight is given up. */
  readonly acquire: () => Promise<V>;
  /** The flight's own. */
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** A value another process left, or one acquired here; then the lease is to be released once the value lies in the store. */
export type Brought<V> = { readonly found: V } | { readonly acquired: V; readonly release: (() => Promise<void>) | undefined };

export async function acquireOnce<V extends Expiring>(flight: SharedFlight<V>): Promise<Brought<V>> {
  const { key, shared, events, look, acquire, signal, sleep, random } = flight;
  for (let pauseMs = SHORTEST_POLL_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_POLL_MS)) {
    // Without the lease, what is removed a moment after the look may be what its holder has just left.
    const found = await look({ removing: !shared.grantsLeases });
    if (found !== undefined) return { found };
    signal.throwIfAborted();

    const lease = await shared.lease(key, LEASE_MS);
    if (lease === 'none') return { acquired: await acquire(), release: undefined };
    if (lease !== 'held') return acquireUnder(lease, flight);
    events.publish('lease', key, { state: 'held' });
    // With jitter, so that those who wait do not all ask at the same moment; never less than the shortest.
    await sleep(SHORTEST_POLL_MS + random() * (pauseMs - SHORTEST_POLL_MS), signal);
  }
}

async function acquireUnder<V extends Expiring>(lease: Lease, { key, events, look, acquire }: SharedFlight<V>): Promise<Brought<V>> {
  events.publish('lease', key, { state: 'taken' });
  const stopRenewing = keepRenewing(lease, () => events.publish('lease', key, { state: 'lost' }));
  const release = async (): Promise<void> => {
    stopRenewing();
    await lease.release();
    events.publish('lease', key, { state: 'released' });
  };
  try {
    // Between the look before and the lease, another may have come to its end.
    const found = await look({ removing: true });
    if (found === undefined) return { acquired: await acquire(), release };
    void release();
    return { found };
  } catch (error) {
    void release();
    throw error;
  }
}

/** On a timer of its own, because no injected `sleep` may end the renewals of a lease that others rely on. */
function keepRenewing(lease: Lease, onLost: () => void): () => void {
  const timer = setInterval(async () => {
    if (await lease.renew()) return;
    clearInterval(timer);
    onLost();
  }, RENEW_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** How long the others wait for a holder that has died. */
const LEASE_MS = 5_000;
/** So that a lease outlives two renewals that came to nothing. */
const RENEW_EVERY_MS = 1_500;
const SHORTEST_POLL_MS = 50;
const LONGEST_POLL_MS = 500;
