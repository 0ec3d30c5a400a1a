/** A place where everything ends that leaves by mistake: every name and address leads to one socket that writes down what comes. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { onTestFinished } from 'vitest';
import type { Api } from '../support.ts';

export interface Receiver {
  /** Leads requests to `https://api.example` to the API, and all others to the receiver, TLS or not. */
  readonly dispatcher: Dispatcher;
  /** The octets that came, of all connections. */
  received(): string;
  readonly connections: () => number;
}

export const HOST = 'https://api.example';

export async function startReceiver(api: Pick<Api, 'origin'>): Promise<Receiver> {
  let text = '';
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('data', (octets) => {
      text += octets.toString('latin1');
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiPort = Number(new URL(api.origin).port);
  const receiverPort = (server.address() as AddressInfo).port;
  const { connect } = await import('node:net');
  const dispatcher = new Agent({
    connect: ({ protocol, hostname, port }, callback) => {
      // Plain sockets, so that what would be under TLS can be read here.
      const isApi = protocol === 'https:' && hostname === 'api.example' && (port === '' || port === '443');
      const socket = connect(isApi ? apiPort : receiverPort, '127.0.0.1', () => callback(null, socket));
      socket.once('error', (error) => callback(error, null));
    },
  });
  onTestFinished(async () => {
    await dispatcher.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { dispatcher, received: () => text, connections: () => connections };
}
