/** A listener on 127.0.0.1 and nowhere else: with TLS, with TLS and client certificates, or without. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { MockError } from '../errors.ts';
import type { KeyedCertificate } from '../pki/certificates.ts';
import type { ListenerName } from './http.ts';

export interface Listener {
  readonly name: ListenerName;
  readonly scheme: 'http' | 'https';
  /** The origins it can be asked for by; the first is its own. */
  readonly origins: readonly [string, ...string[]];
  /** Hands every request from now on to `handler`. */
  serve(handler: RequestListener): void;
  /** Ends the connection of a request's `socket` with a reset (RST), below TLS where there is TLS. */
  reset(socket: Socket): void;
  /** Ends every connection, whatever it is doing, and frees the port. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly name: ListenerName;
  /** 0 takes a free one. */
  readonly port: number;
  /** With one it speaks TLS. */
  readonly certificate: KeyedCertificate | undefined;
}

/**
 * Listens on `port`.
 *
 * @throws {MockError} `listen_failed` when the port cannot be had
 */
export async function listen({ name, port, certificate }: ListenerOptions): Promise<Listener> {
  // A token of 100 kB is one of the faults, and a client that was given one spends it.
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 300 * 1024 };
  const server = certificate
    ? createHttpsServer({
        ...limits,
        handshakeTimeout: 10_000,
        cert: certificate.certificate,
        key: certificate.privateKey,
        // Whatever a client shows is taken here and judged at the token endpoint: RFC 8705 §2.2 has certificates no authority issued.
        requestCert: name === 'mtls',
        rejectUnauthorized: false,
      })
    : createHttpServer(limits);
  // Of TCP, not of TLS: closeAllConnections() knows none that is still in its handshake, and a TLS socket cannot be reset.
  const sockets = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const name = peerOf(socket);
    sockets.set(name, socket);
    socket.once('close', () => sockets.delete(name));
  });
  await new Promise<void>((resolve, reject) => {
    // Also later, when nobody waits any more: a connection that cannot be accepted is not the end of the mock.
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const message = `Port ${port} of 127.0.0.1 cannot be listened on (${cause.code}): free it, or leave the port out to get a free one`;
      reject(new MockError('listen_failed', message, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const scheme = certificate ? 'https' : 'http';
  const { port: actual } = server.address() as AddressInfo;
  return {
    name,
    scheme,
    origins: [`${scheme}://127.0.0.1:${actual}`, `${scheme}://localhost:${actual}`, `${scheme}://[::1]:${actual}`],
    serve: (handler) => {
      server.on('request', handler);
    },
    reset: (socket) => {
      sockets.get(peerOf(socket))?.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

/** One connection at a time has it, and a TLS socket has that of the connection below. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
