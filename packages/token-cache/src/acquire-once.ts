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
  /** Told as soon as the lease is held, with how to give it back: that is the part of who began the flight, however it ends. */
  readonly onLease: (release: () => Promise<void>) => void;
  /** Rejects at the latest when the flight is given up. */
  readonly acquire: () => Promise<V>;
  /** The flight's own. */
  readonly signal: AbortSignal;
  /** How long the holders of the lease are waited for. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/** A value that another process left, or one acquired here. */
export type Brought<V> = { readonly found: V } | { readonly acquired: V };

export async function acquireOnce<V extends Expiring>(flight: SharedFlight<V>): Promise<Brought<V>> {
  const { key, shared, events, look, acquire, signal, patienceMs, now, sleep, random } = flight;
  const startedAtMs = now();
  for (let pauseMs = SHORTEST_POLL_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_POLL_MS)) {
    // Without the lease, what is removed a moment after the look may be what its holder has just left.
    const found = await look({ removing: !shared.grantsLeases });
    if (found !== undefined) return { found };
    signal.throwIfAborted();

    // One holder after another may have failed, or left nothing in a store that cannot be written. No caller is to fail for that.
    const lease = now() - startedAtMs < patienceMs ? await shared.lease(key, LEASE_MS) : 'none';
    if (lease === 'none') return { acquired: await acquire() };
    if (lease !== 'held') return acquireUnder(lease, flight);
    if (pauseMs === SHORTEST_POLL_MS) events.publish('lease', key, { state: 'held' });
    // With jitter, so that those who wait do not all ask at the same moment; never less than the shortest.
    await sleep(SHORTEST_POLL_MS + random() * (pauseMs - SHORTEST_POLL_MS), signal);
  }
}

async function acquireUnder<V extends Expiring>(
  lease: Lease,
  { key, events, look, onLease, acquire, signal }: SharedFlight<V>,
): Promise<Brought<V>> {
  events.publish('lease', key, { state: 'taken' });
  const stopRenewing = keepRenewing(lease, () => events.publish('lease', key, { state: 'lost' }));
  onLease(async () => {
    stopRenewing();
    await lease.release();
    events.publish('lease', key, { state: 'released' });
  });
  signal.throwIfAborted();
  // Between the look before and the lease, another may have come to its end.
  const found = await look({ removing: true });
  if (found !== undefined) return { found };
  signal.throwIfAborted();
  return { acquired: await acquire() };
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
/** So that a lease outlives two renewals that came to nothing, from a store that answers the others at once. */
const RENEW_EVERY_MS = 1_500;
const SHORTEST_POLL_MS = 50;
const LONGEST_POLL_MS = 500;
