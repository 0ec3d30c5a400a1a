/** The agent for one kind of connection: verified, over TLS 1.2 or later, straight or through a proxy. */
import type { TokenBinding } from '@client-credentials/protocol';
import type { buildConnector, Dispatcher } from 'undici';
import type { ProxyOption } from './proxy.ts';

export function createAgent(
  undici: typeof import('undici'),
  options: {
    readonly ca: string | readonly string[] | undefined;
    readonly proxy: ProxyOption | undefined;
    readonly connectTimeoutMs: number;
    readonly tls: TokenBinding['tls'];
  },
): Dispatcher {
  const { ca, proxy, connectTimeoutMs, tls } = options;
  const verified: buildConnector.BuildOptions = {
    timeout: connectTimeoutMs,
    // Said here, so that neither NODE_TLS_REJECT_UNAUTHORIZED nor --tls-min-v1.0 can unsay it.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca: [ca].flat() }),
  };
  const toApi = { ...verified, ...(tls !== undefined && { cert: tls.cert, key: tls.key as string }) };
  if (proxy === undefined) return new undici.Agent({ connect: toApi });
  // The proxy is shown no client certificate. `http:` is tunnelled too, so that a proxy sees no token in any case.
  const through = { requestTls: toApi, proxyTls: verified, proxyTunnel: true };
  if (proxy.kind === 'url') return new undici.ProxyAgent({ uri: proxy.url, ...through });
  return new undici.EnvHttpProxyAgent({ connect: toApi, ...through });
}
