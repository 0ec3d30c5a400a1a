/** A server on loopback that speaks TLS, asks for client certificates, and remembers what each request came with. */
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse, type SecureServerOptions } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { fixture } from './certificates.ts';

export interface TlsServer {
  readonly origin: string;
  readonly received: {
    readonly path: string;
    readonly httpVersion: string;
    readonly tlsVersion: string | null;
    /** Of the certificate that was shown, SHA-256 in hexadecimal. */
    readonly certificate: string | undefined;
  }[];
  /** The connections that are open now. */
  readonly connections: ReadonlySet<TLSSocket>;
}

type Answer = (response: Http2ServerResponse, request: Http2ServerRequest) => void;

/** Its root is the fixture `loopback.crt.pem`. */
export async function startTlsServer(
  answer: Answer = (response) => response.end('{}'),
  options: SecureServerOptions = {},
): Promise<TlsServer> {
  const received: TlsServer['received'] = [];
  const connections = new Set<TLSSocket>();
  const server = createSecureServer({
    cert: fixture('loopback.crt.pem'),
    key: fixture('loopback.key.pem'),
    requestCert: true,
    rejectUnauthorized: false,
    allowHTTP1: true,
    ...options,
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('request', (request, response) => {
    // Of HTTP/2 the server gives away no socket that can be asked for a certificate but the session's.
    const socket = (request.stream?.session?.socket ?? request.socket) as TLSSocket;
    const certificate = socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase();
    received.push({ path: request.url, httpVersion: request.httpVersion, tlsVersion: socket.getProtocol(), certificate });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, received, connections };
}
