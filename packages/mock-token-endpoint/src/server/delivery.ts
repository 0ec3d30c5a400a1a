/** The outbound edge to `node:http`: writes an answer, whole and at once or in one of the ways connections fail. */
import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { type ContentEncoding, compress } from './content-encoding.ts';
import type { Answer, Delivery } from './http.ts';

interface Edge {
  /** Aborts when there is nobody left to answer. */
  readonly departure: AbortSignal;
  readonly clock: Clock;
  /** Ends a connection with a reset. */
  readonly reset: (socket: Socket) => void;
}

/**
 * Writes `answer` as its `delivery` says, once the earlier requests of the connection have theirs; its `Date` is the mock's unless it brings
 * one. Resolves when everything is handed over, and rejects when the client leaves before that.
 */
export async function deliver(response: ServerResponse, answer: Answer, edge: Edge): Promise<void> {
  const { delivery = 'whole', delayMs = 0 } = answer;
  const isIntermittent = INTERMITTENT.has(delivery);
  if (delayMs > 0 && !isIntermittent) await sleep(delayMs, undefined, { signal: edge.departure });
  edge.departure.throwIfAborted();
  // A response behind another one of its connection is given the socket when it is its turn.
  if (!response.socket) await once(response, 'socket', { signal: edge.departure });
  const way = isIntermittent && isHeadAlone(response, answer) ? 'whole' : delivery;
  const encoding = answer.body === undefined || PADDED.has(way) ? undefined : answer.encoding;
  const bytes = bytesOf(answer.body);
  await WAYS[way]({ response, answer, edge, encoding, bytes: encoding ? await compress(bytes, encoding) : bytes });
}

interface Sending {
  readonly response: ServerResponse;
  readonly answer: Answer;
  readonly edge: Edge;
  /** The whole body, and what it is compressed with. */
  readonly bytes: Buffer;
  readonly encoding: ContentEncoding | undefined;
}

const WAYS: Readonly<Record<Delivery, (sending: Sending) => Promise<void> | void>> = {
  whole: (sending) => {
    // RFC 9110 §8.6: a 204 has none.
    writeHead(sending, sending.answer.status === 204 ? {} : { 'content-length': sending.bytes.length });
    sending.response.end(sending.bytes);
  },
  'no-answer': () => undefined,
  'reset-before-headers': resetConnection,
  'reset-after-headers': async (sending) => {
    writeHead(sending, {});
    // Where no body follows, a write alone would not send the head.
    sending.response.flushHeaders();
    const half = sending.bytes.subarray(0, Math.ceil(sending.bytes.length / 2));
    await new Promise((resolve) => sending.response.write(half.length > 0 ? half : BLANK, resolve));
    // A reset overtakes what has not been read yet.
    await sleep(READ_MS, undefined, { signal: sending.edge.departure });
    resetConnection(sending);
  },
  'slow-body': async (sending) => {
    writeHead(sending, { 'content-length': sending.bytes.length });
    await pipeline(inPieces(sending), sending.response);
  },
  'endless-body': async (sending) => {
    writeHead(sending, {});
    await pipeline(blanksForever(sending), sending.response);
  },
  'oversized-body': async (sending) => {
    writeHead(sending, {});
    await pipeline(afterManyBlanks(sending.bytes), sending.response);
  },
};
const INTERMITTENT: ReadonlySet<Delivery> = new Set<Delivery>(['slow-body', 'endless-body']);
/** Their blanks are JSON only as long as nothing is compressed. */
const PADDED: ReadonlySet<Delivery> = new Set<Delivery>(['oversized-body', 'endless-body']);

function writeHead({ response, answer: { status, headers, body }, edge, encoding }: Sending, framing: OutgoingHttpHeaders): void {
  response.writeHead(status, {
    date: new Date(edge.clock.now()).toUTCString(),
    ...(isAsIs(body) ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(encoding ? { 'content-encoding': encoding, vary: 'accept-encoding' } : {}),
    ...framing,
    ...headers,
  });
}

/** RFC 9112 §6.3: nothing follows the head, whatever it says. */
function isHeadAlone({ req }: ServerResponse, { status }: Answer): boolean {
  return req.method === 'HEAD' || status === 204 || status === 304;
}

function bytesOf(body: unknown): Buffer {
  return isAsIs(body) ? Buffer.from(body ?? '') : Buffer.from(JSON.stringify(body));
}

function isAsIs(body: unknown): body is string | Uint8Array | undefined {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}

function resetConnection({ response, edge }: Sending): void {
  if (response.socket) edge.reset(response.socket);
}

async function* inPieces({ answer, edge, bytes }: Sending): AsyncGenerator<Buffer> {
  const size = Math.ceil(bytes.length / PIECES);
  for (let from = 0; from < bytes.length; from += size) {
    if (from > 0) await sleep(answer.delayMs ?? SLOW_MS, undefined, { signal: edge.departure });
    yield bytes.subarray(from, from + size);
  }
}

async function* blanksForever({ answer, edge }: Sending): AsyncGenerator<Buffer> {
  for (;;) {
    yield BLANK;
    await sleep(answer.delayMs ?? DRIP_MS, undefined, { signal: edge.departure });
  }
}

/** A generator, since the next chunk is made when the client has taken the last: nothing of the 8 MiB waits here. */
function* afterManyBlanks(bytes: Buffer): Generator<Buffer> {
  for (let left = OVERSIZED - bytes.length; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, left);
  yield bytes;
}

const PIECES = 20;
const SLOW_MS = 100;
const DRIP_MS = 500;
const READ_MS = 50;
const OVERSIZED = 8 * 1024 * 1024;
const BLANK = Buffer.from(' ');
const BLANKS = Buffer.alloc(65_536, ' ');
