/** Sends one request to a token or metadata endpoint, and reads its whole answer under bounds. The only I/O of this package. */
import { type HttpResponse, headerValue, TokenResponseError } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { networkError } from './network-error.ts';

/** One request, as plain data. */
interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the attempt; it rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What an answer is while its body is still on the way. */
interface OpenResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly body: AsyncIterable<Uint8Array>;
}

/** Puts a request on the wire without following redirects. There is one with undici, and one with a `fetch`. */
export interface Wire {
  send(request: HttpRequest): Promise<OpenResponse>;
  close(): Promise<void>;
}

export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/**
 * A transport whose every attempt ends in time, whatever the other side does: a body that drips for ever too.
 *
 * @param options.attemptTimeoutMs  from the sending of a request to the end of its answer
 */
export function createTransport(options: { readonly wire: Wire; readonly attemptTimeoutMs: number }): Transport {
  const { wire, attemptTimeoutMs } = options;
  return {
    async send(request) {
      request.signal.throwIfAborted();
      const attempt = new AbortController();
      const onAbort = (): void => attempt.abort(request.signal.reason);
      request.signal.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => attempt.abort(timedOut(request.url, attemptTimeoutMs)), attemptTimeoutMs);
      // The flight that waits for this attempt keeps the process alive; a background refresh must not.
      timer.unref();
      try {
        return await readWhole(await wire.send({ ...request, signal: attempt.signal }), request.url);
      } catch (error) {
        attempt.signal.throwIfAborted();
        if (error instanceof TokenSourceError || error instanceof TokenResponseError) throw error;
        throw networkError(error, request.url);
      } finally {
        clearTimeout(timer);
        request.signal.removeEventListener('abort', onAbort);
      }
    },
    close: () => wire.close(),
  };
}

async function readWhole(response: OpenResponse, url: string): Promise<HttpResponse> {
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) throw tooLarge(status, url);
    chunks.push(chunk);
  }
  // RFC 6749 §3.2: a redirect would carry the credential to where it was never meant to go.
  if (status >= 300 && status < 400) throw redirected(response, url);
  return { status, headers, body: Buffer.concat(chunks) };
}

function redirected({ status, headers }: OpenResponse, url: string): TokenSourceError {
  const requestId = headerValue(headers, 'x-ms-request-id');
  const cause = new TokenResponseError('invalid_response', `HTTP ${status}`, { status, ...(requestId !== undefined && { requestId }) });
  const message = `${originOf(url)} answered with a redirect (HTTP ${status}), which is never followed; configure the final URL`;
  return new TokenSourceError('redirected', message, { cause });
}

function tooLarge(status: number, url: string): TokenResponseError {
  return new TokenResponseError(
    'invalid_response',
    `The answer of ${originOf(url)} (HTTP ${status}) is longer than ${MOST_BODY_BYTES} bytes and was cut off`,
    { status },
  );
}

function timedOut(url: string, timeoutMs: number): TokenSourceError {
  return new TokenSourceError('timeout', `${originOf(url)} did not answer within ${timeoutMs} ms`, { transient: true });
}

function originOf(url: string): string {
  return new URL(url).origin;
}

const MOST_BODY_BYTES = 1024 * 1024;
