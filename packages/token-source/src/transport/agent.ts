/** The connections for one kind of request: with the roots, the proxy and the client certificate that they have in common. */
import type { ProxySettings, TlsBinding } from '@client-credentials/protocol';
import type { buildConnector, Dispatcher } from 'undici';
import { TokenSourceError } from '../errors.ts';
import { unreference, unreferenced } from './unreferenced.ts';

/** undici, once it is loaded. */
export type Undici = typeof import('undici');

export interface ConnectionOptions {
  /** Roots in PEM, in place of Node's own; also for a proxy that is reached over TLS. */
  readonly ca: readonly string[] | undefined;
  /** Bounds the making of a connection, and with a proxy each step of it. */
  readonly connectTimeoutMs: number;
  readonly http2: boolean;
  /** `undefined` for straight connections. */
  readonly proxies: ProxySettings | undefined;
  /** What the servers are shown; a proxy never is. */
  readonly tls?: TlsBinding | undefined;
}

/** An agent of undici's that verifies every server, over TLS 1.2 or later, and whose sockets never keep the process alive. */
export function createAgent(undici: Undici, options: ConnectionOptions): Dispatcher {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = undici;
  const { connectTimeoutMs, proxies } = options;
  const toServer = { ...verifying(options), allowH2: options.http2, ...identity(options) };
  const connect = unreferenced(buildConnector(toServer));
  if (proxies === undefined) return new Agent({ connect });
  return new EnvHttpProxyAgent({
    ...proxies,
    // For the hosts of NO_PROXY.
    connect,
    // For the others; undici makes the connector itself, so that its sockets are met in the pool.
    requestTls: toServer,
    factory: (origin, pool: { readonly connect: buildConnector.connector }) => new Pool(origin, { connect: throughTunnel(pool.connect) }),
    clientFactory: (origin) =>
      new Pool(origin, { connect: unreferenced(buildConnector(verifying(options))), headersTimeout: connectTimeoutMs }),
  });
}

function verifying({ ca, connectTimeoutMs }: ConnectionOptions): buildConnector.BuildOptions {
  return {
    timeout: connectTimeoutMs,
    // Said here, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor --tls-min-v1.0 can unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca: [...ca] }),
  };
}

function identity({ tls }: ConnectionOptions): { readonly cert?: string; readonly key?: string } {
  return tls === undefined ? {} : { cert: tls.tls.cert, key: tls.tls.key };
}

/** A connector, mostly by way of a proxy. The socket to the proxy is unreferenced already; the TLS over it would be referenced anew. */
function throughTunnel(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error !== null) return callback(tunnelError(error), null);
      unreference(socket);
      callback(null, socket);
    });
}

/** undici says by its message alone that the proxy would not connect, which is not for a retry to mend unless the proxy is down. */
function tunnelError(error: Error): Error {
  const status = Number(/^Proxy response \((\d+)\)/.exec(error.message)?.[1]);
  if (Number.isNaN(status)) return error;
  const advice = status === 407 ? 'put user and password into its URL' : 'see which hosts it lets through, or name this one in NO_PROXY';
  return new TokenSourceError('network', `The proxy refused to connect (HTTP ${status}): ${advice}`, { transient: status >= 500 });
}
