/** Sends requests with a `fetch` that the caller gave. */
import type { Wire } from './transport.ts';

/** A wire over a function with the standard's signature. Redirects come back as they are, and no HTTP cache is used. */
export function createFetchWire(fetch: typeof globalThis.fetch): Wire {
  return {
    async send({ url, method, headers, body, signal }) {
      // A const of its own: the types of Node's fetch lack `cache`, which other implementations heed.
      const init = { method, headers, body: body ?? null, signal, redirect: 'manual', cache: 'no-store', credentials: 'omit' } as const;
      const response = await fetch(url, init);
      return { status: response.status, headers: response.headers, body: response.body ?? NO_CHUNKS };
    },
    close: async () => {},
  };
}

const NO_CHUNKS: AsyncIterable<Uint8Array> = (async function* () {})();
