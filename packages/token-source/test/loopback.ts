/** A token endpoint on loopback that answers as the test says and remembers what it received. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}

/** Writes the answer to the `index`-th request, counted from 0. */
export type Answer = (response: ServerResponse, index: number, received: Received) => void;

export interface Loopback {
  readonly origin: string;
  readonly received: Received[];
  /** The connections that are open now. */
  readonly connections: ReadonlySet<Socket>;
}

export async function startLoopback(answer: Answer): Promise<Loopback> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const entry = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, form: new URLSearchParams(body) };
    answer(response, received.push(entry) - 1, entry);
  });
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, connections };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A success whose token is the number of the request, with `more` members over the usual ones. */
export function tokenWith(more: Record<string, unknown>): Answer {
  return (response, index) => sendJson(response, { access_token: `token-${index}`, token_type: 'Bearer', expires_in: 3600, ...more });
}

export const sendToken: Answer = tokenWith({});
