/** What sends the requests: the dispatcher that was given, or an agent made on first use. */
import type { Dispatcher } from 'undici';

export interface Connection {
  dispatcher(): Dispatcher | Promise<Dispatcher>;
  close(): Promise<void>;
}

/** A given dispatcher belongs to whoever gave it and is not closed; undici is loaded only if there is none. */
export function openConnection(options: {
  readonly dispatcher: Dispatcher | undefined;
  readonly ca: string | readonly string[] | undefined;
  readonly connectTimeoutMs: number;
}): Connection {
  const { dispatcher, ca, connectTimeoutMs } = options;
  if (dispatcher !== undefined) return { dispatcher: () => dispatcher, close: async () => {} };
  let agent: Promise<Dispatcher> | undefined;
  const createAgent = async (): Promise<Dispatcher> => {
    const { Agent } = await import('undici');
    // Said here, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor --tls-min-v1.0 can unsay it.
    const tls = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
    return new Agent({ connect: { timeout: connectTimeoutMs, ...tls, ...(ca === undefined ? {} : { ca: [ca].flat() }) } });
  };
  return {
    dispatcher: () => (agent ??= createAgent()),
    close: async () => (await agent)?.destroy(),
  };
}
