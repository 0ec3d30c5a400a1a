/** A proxy on loopback that opens tunnels, and remembers for whom. RFC 9110 §9.3.6. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { fixture } from './certificates.ts';

export interface ConnectProxy {
  /** `host:port`, to stand in a URL. */
  readonly host: string;
  /** The tunnels asked for: where to, and what was said of who asks. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  /** The connections that are open now. */
  readonly connections: ReadonlySet<Socket>;
}

/** @param options.answer  in place of a tunnel: the status to refuse with, or `silence` */
export async function startConnectProxy(options: { tls?: boolean; answer?: number | 'silence' } = {}): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const connections = new Set<Socket>();
  const server: Server = options.tls
    ? createTlsServer({ cert: fixture('loopback.crt.pem'), key: fixture('loopback.key.pem') })
    : createServer();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    client.on('error', () => {});
    // Read from, so that its end is noticed.
    if (options.answer === 'silence') {
      client.resume().on('end', () => client.destroy());
      return;
    }
    if (options.answer !== undefined) {
      client.end(`HTTP/1.1 ${options.answer} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, connections };
}
