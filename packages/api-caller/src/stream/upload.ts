/** Sends large contents to an upload session, piece by piece, and goes on where the session says. Microsoft Graph, upload large files. */
import { buildCall, type CallOptions } from '../call.ts';
import { ApiCallerError } from '../errors.ts';
import { ACCEPT_JSON, readJson } from '../json.ts';
import type { Exchange, Sender } from '../send.ts';
import { readWhole, type Settings } from '../settings.ts';
import { cut } from './chunks.ts';
import { readNextByte } from './upload-state.ts';

/** Options of `upload`. `deadlineMs` is for each piece anew; `authorize` is false by default, as an upload session's URL says all. */
export interface UploadOptions extends Omit<CallOptions, 'body'> {
  /** Opens the contents from this byte on; called again after an interruption. */
  readonly body: (from: number) => AsyncIterable<Uint8Array>;
  /** Of the whole contents, bytes. */
  readonly size: number;
  /** Microsoft Graph wants a multiple of 327,680. Default: 5 MiB. */
  readonly chunkBytes?: number | undefined;
  /** Asks the session first which bytes it has already. Default: false. */
  readonly resume?: boolean | undefined;
  /** Told after each piece how many bytes the session has. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * What the session answers to its last piece: mostly the item that was made.
 *
 * Each piece is held in memory and repeated as any request is. Where that does not help, and where the session wants other bytes than
 * the next ones, it is asked which, and the contents are opened again from there: up to five times without any progress. When the upload
 * fails the session stays, until it expires or is cancelled with `delete(url, { authorize: false })`.
 *
 * @throws {ApiResponseError} `response_error` if the session refuses, or has expired
 * @throws {ApiCallerError} `invalid_configuration` if `body` does not give `size` bytes
 * @see https://learn.microsoft.com/graph/api/driveitem-createuploadsession
 */
export async function upload(
  sender: Sender,
  settings: Settings,
  { url, options }: { readonly url: string; readonly options: UploadOptions },
): Promise<unknown> {
  const session = new UploadSession(url, { sender, settings, options });
  let next = options.resume === true ? await session.nextByte() : 0;
  for (let stalls = 0; stalls <= MOST_STALLS; stalls += 1) {
    const sent = await session.sendFrom(next);
    if (sent.kind === 'done') return sent.body;
    next = sent.kind === 'wants' && sent.from !== undefined ? sent.from : await session.nextByte();
    if (next <= session.furthest) continue;
    session.tell(next);
    stalls = 0;
  }
  throw new ApiCallerError('response_error', `The upload session has wanted bytes from ${next} on again and again; begin another one`);
}

/** What is known of the session: it is done, with what it has made; it wants the bytes from here on, or simply the next ones; or it must be asked. */
type SessionState =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'wants'; readonly from: number | undefined }
  | { readonly kind: 'unknown' };

class UploadSession {
  readonly #url: string;
  readonly #parts: { readonly sender: Sender; readonly settings: Settings; readonly options: UploadOptions };
  readonly #size: number;
  readonly #chunkBytes: number;
  /** How many bytes the session has, as far as it was told. */
  furthest = 0;

  constructor(url: string, parts: { readonly sender: Sender; readonly settings: Settings; readonly options: UploadOptions }) {
    const { size, chunkBytes = CHUNK_BYTES } = parts.options;
    if (!Number.isSafeInteger(size) || size < 1)
      throw new ApiCallerError('invalid_configuration', `\`size\` is ${size}, expected a whole number of bytes from 1 on`);
    this.#url = url;
    this.#parts = parts;
    this.#size = size;
    this.#chunkBytes = readWhole('chunkBytes', chunkBytes);
  }

  tell(bytes: number): void {
    this.furthest = bytes;
    this.#parts.options.onProgress?.(bytes);
  }

  /** Which byte the session says it wants. */
  async nextByte(): Promise<number> {
    const state = await this.#request({ method: 'GET' });
    if (state.kind === 'wants' && state.from !== undefined && state.from < this.#size) return state.from;
    throw new ApiCallerError(
      'response_error',
      'The upload session does not say which bytes it wants: see whether it is done, else begin another one',
    );
  }

  /** Sends pieces from this byte on, up to where the session wants others, or fails in passing. */
  async sendFrom(from: number): Promise<SessionState> {
    const { body } = this.#parts.options;
    let next = from;
    for await (const piece of cut(body(from), { bytes: this.#size - from, chunkBytes: this.#chunkBytes })) {
      const range = `bytes ${next}-${next + piece.byteLength - 1}/${this.#size}`;
      const state = await this.#request({ method: 'PUT', body: piece, headers: { 'content-range': range } }).catch(unlessLasting);
      next = state.kind === 'done' ? this.#size : next + piece.byteLength;
      if (state.kind === 'unknown' || (state.kind === 'wants' && state.from !== undefined && state.from !== next)) return state;
      this.tell(next);
      if (state.kind === 'done') return state;
    }
    return UNKNOWN;
  }

  #request(options: Pick<CallOptions, 'method' | 'headers'> & { readonly body?: Uint8Array }): Promise<SessionState> {
    const { sender, settings } = this.#parts;
    const { body: _body, size: _size, chunkBytes: _chunkBytes, resume: _resume, onProgress: _onProgress, ...given } = this.#parts.options;
    const headers = { ...given.headers, ...options.headers };
    const call = buildCall(settings, {
      path: this.#url,
      options: { authorize: false, ...given, ...options, headers },
      accept: ACCEPT_JSON,
    });
    return sender.send(call, (exchange) => readSession(exchange, settings));
  }
}

async function readSession(exchange: Exchange, settings: Settings): Promise<SessionState> {
  const { call, response } = exchange;
  const { statusCode: status, headers } = response;
  if (status === RESUME_INCOMPLETE || status === RANGE_NOT_SATISFIABLE) {
    await response.body.dump();
    return status === RESUME_INCOMPLETE ? { kind: 'wants', from: readNextByte(headers, undefined) } : UNKNOWN;
  }
  const body = await readJson(exchange, settings);
  if (status === 202 || call.method === 'GET') return { kind: 'wants', from: readNextByte(headers, body) };
  return { kind: 'done', body };
}

/** What time may mend is no end: the session is asked what it has. */
function unlessLasting(error: unknown): SessionState {
  if (error instanceof ApiCallerError && error.transient) return UNKNOWN;
  throw error;
}

const UNKNOWN: SessionState = { kind: 'unknown' };
const CHUNK_BYTES = 5 * 2 ** 20;
const MOST_STALLS = 5;
/** Google's 308 has no `Location`. */
const RESUME_INCOMPLETE = 308;
const RANGE_NOT_SATISFIABLE = 416;
