/** A real web API on loopback that answers as a test says and remembers every byte of a head it received. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type ApiCaller, type ApiCallerOptions, createApiCaller } from '../src/index.ts';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Writes the answer to the `index`-th request, counted from 0. */
export type Answer = (response: ServerResponse, index: number, received: Received) => void;

export interface Api {
  readonly origin: string;
  readonly received: readonly Received[];
  /** Connections that are open now. */
  connections(): Promise<number>;
}

export async function startApi(answer: Answer): Promise<Api> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      return; // The client went away in the middle of its body.
    }
    const entry = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    answer(response, received.push(entry) - 1, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, connections };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A caller of that API whose token is `token-1`, whose waits cost no time, and which is closed with the test. */
export function callerOf(api: Pick<Api, 'origin'>, options: Partial<ApiCallerOptions> = {}): ApiCaller {
  const caller = createApiCaller({
    baseUrl: `${api.origin}/v1.0/`,
    scope: 'https://api.example/.default',
    tokens: async () => 'token-1',
    allowHttpLoopback: true,
    sleep: async () => {},
    ...options,
  });
  onTestFinished(() => caller.close());
  return caller;
}

/** What a promise rejected with; a promise that resolved fails the test. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`expected a rejection, resolved with ${JSON.stringify(outcome.value)}`);
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
