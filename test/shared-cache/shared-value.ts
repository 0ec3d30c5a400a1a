/** The values of these tests: a name that tells the key and the request that brought it, and a lifetime. */
import type { Codec, Expiring } from '@client-credentials/token-cache';

export interface Value extends Expiring {
  readonly name: string;
}

/** Values as JSON. */
export const CODEC: Codec<Value> = {
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => Object.freeze(JSON.parse(Buffer.from(bytes).toString())),
};

export interface Wanted {
  readonly key: string;
  readonly lifetimeMs: number;
  readonly valuesUrl: string;
  readonly now: () => number;
}

/** How a value is had from the server. */
export function acquireFrom({ key, lifetimeMs, valuesUrl, now }: Wanted): (signal: AbortSignal) => Promise<Value> {
  return async (signal) => {
    const query = new URLSearchParams({ key, pid: String(process.pid) });
    const response = await fetch(`${valuesUrl}?${query}`, { signal });
    const name = await response.text();
    const receivedAtMs = now();
    return Object.freeze({ name, receivedAtMs, expiresAtMs: receivedAtMs + lifetimeMs });
  };
}
