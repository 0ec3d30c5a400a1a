/** Sends requests with a `fetch` that the caller gave. */
import { requireNoIdentity } from './client-certificate.ts';
import type { Wire } from './transport.ts';

/**
 * A wire over a function with the standard's signature. Redirects come back as they are, and no HTTP cache is used. Whether there is
 * a proxy is the function's own affair.
 *
 * @throws {TokenSourceError} `invalid_configuration`, from `send`, for a client certificate, which it could not show
 */
export function createFetchWire(fetch: typeof globalThis.fetch): Wire {
  return {
    async send({ url, method, headers, body, tls, signal }) {
      requireNoIdentity(tls, 'fetch');
      // A const of its own: the types of Node's fetch lack `cache`, which other implementations heed.
      const init = { method, headers, body: body ?? null, signal, redirect: 'manual', cache: 'no-store', credentials: 'omit' } as const;
      const response = await fetch(url, init);
      return { status: response.status, headers: response.headers, body: response.body ?? NO_CHUNKS };
    },
    close: async () => {},
  };
}

const NO_CHUNKS: AsyncIterable<Uint8Array> = (async function* () {})();
