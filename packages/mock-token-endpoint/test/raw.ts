/** How the tests look at octets and connections: a socket of their own. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** One connection as its client sees it. */
export interface Wire {
  readonly socket: Socket;
  /** What has come so far. */
  received(): string;
  /** Resolves when what has come matches. */
  until(pattern: RegExp): Promise<void>;
  /** Resolves when the connection is over: `end`, or the code of the error that ended it. */
  readonly ended: Promise<string>;
}

/** Connects to `origin` and sends `request`. TLS is 1.2: what a server of 1.3 sends after the handshake would blur how a connection ends. */
export function openWire(origin: string, request: string): Wire {
  const { protocol, hostname: host, port } = new URL(origin);
  const address = { host, port: Number(port) };
  const socket = protocol === 'https:' ? connectTls({ ...address, rejectUnauthorized: false, maxVersion: 'TLSv1.2' }) : connect(address);
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => {
    text += piece;
  });
  const ended = new Promise<string>((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once('end', () => resolve('end'));
    socket.once('close', () => resolve('close'));
  });
  socket.write(request);
  return {
    socket,
    received: () => text,
    ended,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(text)) resolve();
        };
        socket.on('data', look);
        void ended.then((ending) => reject(new Error(`${ending}, after ${text}`)));
        look();
      }),
  };
}

/** A request as it is written. */
export function requestText(
  method: string,
  url: string,
  { headers = {}, body = '' }: { headers?: Readonly<Record<string, string>>; body?: string } = {},
): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ host, 'content-length': String(Buffer.byteLength(body)), ...headers });
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/** Lets everything else happen until `isSo`. */
export async function settle(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
