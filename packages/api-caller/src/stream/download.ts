/** Reads an answer as a stream: as slowly as its reader does, and as large as it is. */
import { Readable } from 'node:stream';
import { buildCall, type Call, type CallOptions, labelOf } from '../call.ts';
import { readConnectionError } from '../connection-error.ts';
import { requireSuccess } from '../json.ts';
import type { Exchange, Sender } from '../send.ts';
import type { Settings } from '../settings.ts';

/** Options of `download`. `deadlineMs` ends with the answer's head; from there on only silence and the signal end it. */
export interface DownloadOptions extends CallOptions {
  /** Told with each piece how many bytes have come so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /**
   * Follows a redirect to an origin that was not declared, if it is https, without a token: Microsoft Graph and others redirect to
   * contents by URLs that hold their own authorisation. Default: false.
   */
  readonly preAuthenticated?: boolean | undefined;
}

/**
 * The bytes of a 2xx answer, as they are.
 *
 * @throws {ApiResponseError} `response_error` if the API refuses
 * @throws {ApiCallerError} `redirect_refused`; and the stream fails with `network` or `timeout` if the connection is lost
 */
export async function download(
  sender: Sender,
  settings: Settings,
  { path, options = {} }: { readonly path: string; readonly options?: DownloadOptions | undefined },
): Promise<Readable> {
  const { onProgress, preAuthenticated = false, ...callOptions } = options;
  const call = withRedirects(buildCall(settings, { path, options: callOptions, accept: ACCEPT_BYTES }), preAuthenticated);
  return sender.send(call, async (exchange) => {
    await requireSuccess(exchange, settings);
    const stream = Readable.from(watched(exchange, onProgress), { objectMode: false });
    exchange.interruption.openBody = stream;
    // A generator that was never begun ends without a word to what it would have read.
    stream.once('close', () => exchange.response.body.on('error', () => {}).destroy());
    return stream;
  });
}

function withRedirects(call: Call, preAuthenticated: boolean): Call {
  return preAuthenticated ? { ...call, redirects: 'anywhere' } : call;
}

/** The same bytes, with failures in this package's words. */
async function* watched({ call, response, interruption }: Exchange, onProgress: DownloadOptions['onProgress']): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      onProgress?.(bytes);
      yield chunk;
    }
  } catch (error) {
    throw interruption.aborted ? interruption.reason : readConnectionError(error, labelOf(call));
  }
}

const ACCEPT_BYTES = { accept: '*/*', 'accept-encoding': 'identity' };
