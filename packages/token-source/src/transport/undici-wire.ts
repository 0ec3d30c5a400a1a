/** Sends requests with undici, which is loaded when the first one goes out. */
import { readProxy } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';
import { TokenSourceError } from '../errors.ts';
import type { ConnectionOptions } from './agent.ts';
import { Agents } from './agents.ts';
import { requireNoIdentity } from './client-certificate.ts';
import type { Wire } from './transport.ts';

export interface UndiciWireOptions extends Pick<ConnectionOptions, 'ca' | 'connectTimeoutMs' | 'http2'> {
  /** Sends in place of connections of our own, and is not closed here. */
  readonly dispatcher: Dispatcher | undefined;
  /** The URL of a proxy, or `env`. */
  readonly proxy: string | undefined;
}

/**
 * A wire over undici.
 *
 * @throws {TokenSourceError} `invalid_configuration` for a proxy that is none; also from `send`, for a client certificate that a
 *   `dispatcher` would have to show
 */
export function createUndiciWire(options: UndiciWireOptions): Wire {
  const { dispatcher } = options;
  const refuse = (message: string): Error => new TokenSourceError('invalid_configuration', message);
  // A proxy gets to know host names and never what is sent: `http:` URLs are tunnelled too.
  const connections = { ...options, proxies: readProxy(options.proxy, { environment: process.env, refuse }) };
  let loaded: Promise<{ readonly request: typeof import('undici').request; readonly agents: Agents }> | undefined;
  return {
    async send({ url, method, headers, body, tls, direct, signal }) {
      if (dispatcher !== undefined) requireNoIdentity(tls, 'dispatcher');
      loaded ??= import('undici').then((undici) => ({ request: undici.request, agents: new Agents(undici, connections) }));
      const { request, agents } = await loaded;
      // Or connections might be made after they were closed.
      signal.throwIfAborted();
      const response = await request(url, {
        method,
        headers,
        body: body ?? null,
        signal,
        ...NO_REDIRECTS,
        dispatcher: dispatcher ?? agents.borrow({ tls, direct, signal }),
      });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    },
    async close() {
      await (await loaded)?.agents.close();
    },
  };
}

/** For a dispatcher with undici's interceptor for redirects, which would post the secret to wherever it is led. Its types leave this out. */
const NO_REDIRECTS = { maxRedirections: 0 };
