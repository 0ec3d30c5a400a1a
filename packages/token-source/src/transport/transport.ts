/** Sends one request to a token or metadata endpoint, and reads its whole answer under bounds. The only I/O of this package. */
import { type HttpResponse, type TlsBinding, unreadableAnswer } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { networkError } from './network-error.ts';

/** One request, as plain data. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the connection shows, and to nobody else. */
  readonly tls?: TlsBinding | undefined;
  /** Whether it goes straight to its host, past any proxy: it is for this machine or its platform. */
  readonly direct?: boolean | undefined;
  /** Ends the attempt; it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Until when the whole answer must be there, in milliseconds from now. */
  readonly timeoutMs: number;
}

/** What an answer is while its body is still on the way. */
interface OpenResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly body: AsyncIterable<Uint8Array>;
}

/** Puts a request on the wire without following redirects. There is one with undici, and one with a `fetch`. */
export interface Wire {
  /** `signal` is aborted when the exchange is over, however it ended. */
  send(request: Omit<HttpRequest, 'timeoutMs'>): Promise<OpenResponse>;
  close(): Promise<void>;
}

/** Sends a request, and resolves with its whole answer. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Ends what is under way; that and whatever is sent later rejects with `closed`. */
  close(): Promise<void>;
}

/**
 * A transport whose every attempt ends in time, whatever the other side and the wire do.
 *
 * @param now  epoch milliseconds, for a `Retry-After` that names a date
 */
export function createTransport({ wire, now }: { readonly wire: Wire; readonly now: () => number }): Transport {
  const underWay = new Map<AbortController, string>();
  let isClosed = false;
  return {
    async send(request) {
      const { url, signal, timeoutMs } = request;
      signal.throwIfAborted();
      if (isClosed) throw closed(url);
      const attempt = new AbortController();
      underWay.set(attempt, url);
      const onAbort = (): void => attempt.abort(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => attempt.abort(timedOut(url, timeoutMs)), timeoutMs);
      // The flight that waits for this attempt keeps the process alive; a background refresh must not.
      timer.unref();
      let head: OpenResponse | undefined;
      const exchange = async (): Promise<HttpResponse> => {
        head = await wire.send({ ...request, signal: attempt.signal });
        return readWhole(head, url);
      };
      try {
        return await untilAborted(exchange(), attempt.signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = error instanceof TokenSourceError ? error : networkError(error, url);
        if (head === undefined || failure.code === 'closed') throw failure;
        throw cutShort(failure, head, { from: originOf(url), receivedAtMs: now() });
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        underWay.delete(attempt);
        // Ends what was left unread, such as the body of a redirect.
        attempt.abort(OVER);
      }
    },
    async close() {
      isClosed = true;
      for (const [attempt, url] of underWay) attempt.abort(closed(url));
      await wire.close();
    },
  };
}

/** Rejects at the abort, even if what is under way does not heed it: undici ends a request only once it has a connection. */
function untilAborted<T>(underWay: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    underWay.then(resolve, reject);
  });
}

async function readWhole({ status, headers, body }: OpenResponse, url: string): Promise<HttpResponse> {
  // RFC 6749 §3.2: a redirect would carry the credential to where it was never meant to go.
  if (status >= 300 && status < 400) {
    throw new TokenSourceError('redirected', `${originOf(url)} answered with a redirect, which is never followed; configure the final URL`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw new TokenSourceError('network', `its answer is longer than ${MOST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status, headers, body: Buffer.concat(chunks) };
}

/**
 * The error for an answer of which the head alone was read. Its status, ids and `Retry-After` are kept: they say what to do.
 * Only a success that broke off counts as if nothing had come.
 */
function cutShort(failure: TokenSourceError, head: OpenResponse, context: { readonly from: string; readonly receivedAtMs: number }): Error {
  if (head.status === 200 && failure.transient) return failure;
  const answer = unreadableAnswer(head, context, `was not read to its end: ${failure.message}`);
  return failure.code === 'redirected' ? new TokenSourceError('redirected', failure.message, { cause: answer }) : answer;
}

function timedOut(url: string, timeoutMs: number): TokenSourceError {
  return new TokenSourceError('timeout', `${originOf(url)} gave no whole answer within ${timeoutMs} ms`, { transient: true });
}

/** Passing, since it reaches nobody but those who share with that source what it was asking for: they ask for themselves. */
function closed(url: string): TokenSourceError {
  return new TokenSourceError('closed', `${originOf(url)} is asked no more: the token source was closed`, { transient: true });
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/** Nobody waits any more. One for all: to make an error costs more than all else that ends an attempt. */
const OVER = new Error('the exchange is over');
const MOST_BODY_BYTES = 1024 * 1024;
