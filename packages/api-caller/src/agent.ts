/** The agent for one kind of connection: verified, over TLS 1.2 or later, straight or through a proxy. */
import type { ProxySettings, TokenBinding } from '@client-credentials/protocol';
import type { buildConnector, Dispatcher } from 'undici';

export function createAgent(
  undici: typeof import('undici'),
  options: {
    readonly ca: string | readonly string[] | undefined;
    readonly proxies: ProxySettings | undefined;
    readonly connectTimeoutMs: number;
    readonly tls: TokenBinding['tls'];
  },
): Dispatcher {
  const { ca, proxies, connectTimeoutMs, tls } = options;
  const verified: buildConnector.BuildOptions = {
    timeout: connectTimeoutMs,
    // Said here, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor --tls-min-v1.0 can unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca: [ca].flat() }),
  };
  const toApi = { ...verified, ...(tls !== undefined && { cert: tls.cert, key: tls.key as string }) };
  if (proxies === undefined) return new undici.Agent({ connect: toApi });
  // The proxy is shown no client certificate. `http:` is tunnelled too, so that a proxy sees no token in any case.
  return new undici.EnvHttpProxyAgent({
    ...proxies,
    connect: toApi,
    requestTls: toApi,
    proxyTunnel: true,
    // The time limit of a connection says nothing of a proxy that takes it and never answers.
    clientFactory: (origin) => new undici.Pool(origin, { connect: undici.buildConnector(verified), headersTimeout: connectTimeoutMs }),
  });
}
