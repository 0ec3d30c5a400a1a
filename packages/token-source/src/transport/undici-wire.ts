/** Sends requests with undici, which is loaded when the first one goes out. */
import type { Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import type { Wire } from './transport.ts';

/**
 * A wire over undici.
 *
 * @param options.dispatcher  sends in place of a connection pool of our own, and is not closed here
 * @param options.ca  roots in PEM, in place of Node's own
 * @param options.connectTimeoutMs  bounds the making of a connection
 */
export function createUndiciWire(options: {
  readonly dispatcher: Dispatcher | undefined;
  readonly ca: readonly string[] | undefined;
  readonly connectTimeoutMs: number;
}): Wire {
  let loaded: Promise<LoadedUndici> | undefined;
  return {
    async send({ url, method, headers, body, signal }) {
      loaded ??= loadUndici(options);
      const { request, dispatcher } = await loaded;
      const response = await request(url, { method, headers, body: body ?? null, signal, dispatcher });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    },
    async close() {
      const pool = (await loaded)?.pool;
      await pool?.destroy();
    },
  };
}

interface LoadedUndici {
  readonly request: typeof import('undici').request;
  readonly dispatcher: Dispatcher;
  /** The dispatcher, where it is ours to close. */
  readonly pool: Dispatcher | undefined;
}

async function loadUndici(options: Parameters<typeof createUndiciWire>[0]): Promise<LoadedUndici> {
  const { Agent, buildConnector, request } = await import('undici');
  if (options.dispatcher !== undefined) return { request, dispatcher: options.dispatcher, pool: undefined };
  const connect = buildConnector({
    timeout: options.connectTimeoutMs,
    // Said here, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor --tls-min-v1.0 can unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(options.ca !== undefined && { ca: [...options.ca] }),
  });
  const pool = new Agent({ connect: withoutRef(connect) });
  return { request, dispatcher: pool, pool };
}

/**
 * A connector whose sockets never keep the process alive: a refresh in the background must not, and a call that somebody
 * waits for is kept alive by the deadline of its flight. undici refs a socket again for every request, so `ref` is disarmed.
 */
function withoutRef(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    // undici's connector returns the socket while it still connects; its types do not say so.
    const socket: unknown = connect(options, callback);
    disarm(socket as Socket);
  };
}

function disarm(socket: Socket): void {
  socket.unref();
  socket.ref = () => socket;
}
