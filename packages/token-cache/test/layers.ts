/** One store over another in a test: two stores in memory, one clock, and time that stands still. */
import { type LayeredOptions, layered } from '@client-credentials/token-cache/layered';
import { buildEnvelope } from '../src/envelope.ts';
import type { Store } from '../src/store.ts';
import { stopTime } from './circuits.ts';
import { MemoryStore } from './memory-store.ts';
import { type Clock, createClock, HOUR_MS, START_MS } from './support.ts';

export const EXPIRES_AT_MS: number = START_MS + HOUR_MS;

export interface Layers {
  readonly clock: Clock;
  readonly near: MemoryStore;
  readonly far: MemoryStore;
  readonly store: Store;
}

export function createLayers(options: Partial<LayeredOptions> = {}): Layers {
  stopTime();
  const clock = createClock();
  const near = new MemoryStore({ now: clock.now });
  const far = new MemoryStore({ now: clock.now });
  return { clock, near, far, store: layered({ near, far, now: clock.now, ...options }) };
}

/** An entry as a cache makes it, so that it says when it expires. */
export function entry(text: string, { expiresAtMs = EXPIRES_AT_MS } = {}): { key: string; bytes: Uint8Array; expiresAtMs: number } {
  return { key: 'key', expiresAtMs, bytes: buildEnvelope('key', { expiresAtMs, payload: Buffer.from(text) }) };
}

/** The text of an entry under `name`, found in a store. */
export async function textIn(store: Store, { beyondMs }: { beyondMs?: number } = {}): Promise<string | undefined> {
  const bytes = await store.read('name', { key: 'key', beyondMs });
  // Whatever stands before it, the text comes last.
  return bytes && /[a-z ]*$/.exec(Buffer.from(bytes).toString('latin1'))?.[0];
}
