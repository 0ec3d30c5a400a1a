/** The server that every `acquire` asks: it sees who asks for what, and answers by itself or when the test says so. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { PATIENCE } from './endurance.ts';

export interface ValueRequest {
  readonly key: string;
  /** The process that asks. */
  readonly pid: number;
  /** The name of the value that this request brings: its key and a number of its own. */
  readonly name: string;
  readonly answer: () => void;
}

export interface ValueServer {
  readonly url: string;
  /** All there have been, the oldest first. */
  readonly requests: readonly ValueRequest[];
  readonly requestsFor: (key: string) => readonly ValueRequest[];
  /** The first request for a key, the second, and so on, when it has come. */
  readonly request: (key: string, count: number) => Promise<ValueRequest>;
  /** From now on, whoever asks waits until the request is answered by the test. */
  readonly hold: () => void;
}

/** Answers after `afterMs`. Ends with the test. */
export async function startValueServer({ afterMs = 0 }: { readonly afterMs?: number } = {}): Promise<ValueServer> {
  const requests: ValueRequest[] = [];
  let isHeld = false;
  const server = createServer((incoming, response) => {
    const query = new URL(incoming.url ?? '', 'http://localhost').searchParams;
    const key = query.get('key') ?? '';
    const name = `${key}#${requests.length}`;
    const request = { key, pid: Number(query.get('pid')), name, answer: () => response.end(name) };
    requests.push(request);
    if (!isHeld) setTimeout(request.answer, afterMs);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const requestsFor = (key: string): readonly ValueRequest[] => requests.filter((request) => request.key === key);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    requestsFor,
    request: (key, count) => vi.waitUntil(() => requestsFor(key)[count - 1], PATIENCE),
    hold: () => {
      isHeld = true;
    },
  };
}
