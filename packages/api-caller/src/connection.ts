/** What sends the requests: the dispatcher that was given, or an agent made on first use. */
import { readProxy, type TokenBinding } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';
import { createAgent } from './agent.ts';
import { ApiCallerError } from './errors.ts';

export interface Connection {
  /** @param tls  the certificate that the token is bound to, which the API must be shown */
  dispatcher(tls?: TokenBinding['tls']): Dispatcher | Promise<Dispatcher>;
  close(): Promise<void>;
}

/** A given dispatcher belongs to whoever gave it and is not closed; undici is loaded only if there is none. */
export function openConnection(options: {
  readonly dispatcher: Dispatcher | undefined;
  readonly ca: string | readonly string[] | undefined;
  readonly proxy: string | undefined;
  readonly connectTimeoutMs: number;
}): Connection {
  const { dispatcher, ca, connectTimeoutMs } = options;
  if (dispatcher !== undefined) return givenConnection(dispatcher);
  const refuse = (message: string): Error => new ApiCallerError('invalid_configuration', message);
  const proxies = readProxy(options.proxy, { environment: process.env, refuse });
  const open = async (tls?: TokenBinding['tls']): Promise<Dispatcher> =>
    createAgent(await import('undici'), { ca, proxies, connectTimeoutMs, tls });
  let plain: Promise<Dispatcher> | undefined;
  let bound: { readonly cert: string; readonly agent: Promise<Dispatcher> } | undefined;
  return {
    dispatcher(tls) {
      if (tls === undefined) {
        plain ??= open();
        return plain;
      }
      if (bound?.cert !== tls.cert) {
        // A token that is bound to the next certificate: what is under way with the last one ends by itself.
        void bound?.agent.then((agent) => agent.close());
        bound = { cert: tls.cert, agent: open(tls) };
      }
      return bound.agent;
    },
    async close() {
      await Promise.all([plain, bound?.agent].map(async (agent) => (await agent)?.destroy()));
    },
  };
}

function givenConnection(dispatcher: Dispatcher): Connection {
  return {
    dispatcher(tls) {
      if (tls === undefined) return dispatcher;
      throw new ApiCallerError(
        'invalid_configuration',
        'The token is bound to a client certificate, which a given `dispatcher` cannot show; leave `dispatcher` out',
      );
    },
    close: async () => {},
  };
}
