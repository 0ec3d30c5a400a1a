/** Calls one web API: the face of this package. */
import type { Dispatcher } from 'undici';
import { sendBatch } from './batch/batch.ts';
import type { BatchRequest } from './batch/batch-item.ts';
import type { BatchResponse } from './batch/batch-response.ts';
import { hasBody } from './body.ts';
import { buildCall, type CallOptions } from './call.ts';
import { openConnection } from './connection.ts';
import { createFetch } from './fetch.ts';
import { ACCEPT_JSON, readJson, readNothing, withJson } from './json.ts';
import { type Page, type PageOptions, readPages } from './pages/pages.ts';
import { type PollOptions, pollOperation } from './poll.ts';
import { type Exchange, Sender } from './send.ts';
import { type ApiCallerOptions, readSettings } from './settings.ts';
import { type DownloadOptions, download } from './stream/download.ts';
import { type UploadOptions, upload } from './stream/upload.ts';

/**
 * Sends requests with an access token that goes to declared origins only. A path is appended to `baseUrl`, with or without a
 * leading `/`; a full URL is taken if its origin was declared. Redirects of GET and HEAD are followed to declared origins only.
 *
 * Every method rejects with `ApiCallerError`, with what the token provider threw, or with the `reason` of the given signal.
 */
export interface ApiCaller {
  /**
   * The final response, whatever its status, as undici hands it out: the body is raw, and must be read or dumped, or its
   * connection stays taken. `deadlineMs` ends with the response's head; from there on only silence and the signal end it.
   */
  request(path: string, options?: CallOptions): Promise<Dispatcher.ResponseData>;
  /**
   * The JSON value of a 2xx answer; `undefined` for 204.
   *
   * @throws {ApiResponseError} if the API refuses, or answers with what is not JSON
   */
  getJson<T = unknown>(path: string, options?: CallOptions): Promise<T>;
  /** Sends a value as JSON with POST. As `getJson` for what comes back. */
  postJson<T = unknown>(path: string, value: unknown, options?: CallOptions): Promise<T>;
  /** Sends a value as JSON with PATCH. As `getJson` for what comes back. */
  patchJson<T = unknown>(path: string, value: unknown, options?: CallOptions): Promise<T>;
  /** Sends a value as JSON with PUT. As `getJson` for what comes back. */
  putJson<T = unknown>(path: string, value: unknown, options?: CallOptions): Promise<T>;
  /** Sends DELETE; whatever a 2xx answer holds is passed over. */
  delete(path: string, options?: CallOptions): Promise<void>;
  /**
   * For libraries that take a `fetch`: resolves with the final response, whatever its status, its body decoded and bounded by
   * `maxResponseBytes`. Paths are taken too.
   */
  readonly fetch: typeof fetch;
  /** The pages of an OData collection, each fetched when it is asked for. */
  pages<T = unknown>(path: string, options?: PageOptions): AsyncIterable<Page<T>>;
  /** The items of all its pages. */
  items<T = unknown>(path: string, options?: PageOptions): AsyncIterable<T>;
  /**
   * Many requests in few, twenty in each `$batch`; those that were throttled again. The answers come in the order of the requests,
   * whatever their status.
   *
   * @throws {ApiResponseError} if the API refuses the batch as a whole
   */
  batch(requests: readonly BatchRequest[], options?: CallOptions): Promise<readonly BatchResponse[]>;
  /**
   * Asks for the state of a long-running operation until it is done, and resolves with what it has made.
   *
   * @throws {ApiResponseError} if it has failed
   */
  poll<T = unknown>(location: string, options?: PollOptions): Promise<T>;
  /**
   * The bytes of a 2xx answer, as they come; reading slowly slows the API down. Read it to its end or destroy it.
   *
   * @throws {ApiResponseError} if the API refuses
   */
  download(path: string, options?: DownloadOptions): Promise<NodeJS.ReadableStream>;
  /**
   * Sends contents of any size to an upload session, piece by piece; what is interrupted goes on where the session says.
   * Resolves with what it answers to the last piece.
   */
  upload(url: string, options: UploadOptions): Promise<unknown>;
  /** Ends calls in flight with `closed`, and the connections if they are this caller's own. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A caller for one API. Nothing is opened or asked for before its first call.
 *
 * @throws {ApiCallerError} `invalid_configuration` or `reserved_header`, naming the option
 */
export function createApiCaller(options: ApiCallerOptions): ApiCaller {
  const settings = readSettings(options);
  const { dispatcher, ca, proxy } = options;
  const sender = new Sender(settings, openConnection({ dispatcher, ca, proxy, connectTimeoutMs: settings.attemptTimeoutMs }));

  async function request(path: string, callOptions?: CallOptions): Promise<Dispatcher.ResponseData> {
    const call = buildCall(settings, { path, options: callOptions, accept: ACCEPT_RAW });
    return await sender.send(call, handOut);
  }

  async function getJson<T>(path: string, callOptions?: CallOptions): Promise<T> {
    const call = buildCall(settings, { path, options: callOptions, accept: ACCEPT_JSON });
    return await sender.send(call, async (exchange) => (await readJson(exchange, settings)) as T);
  }

  const sendJson =
    (method: string): ApiCaller['postJson'] =>
    async (path, value, callOptions) =>
      getJson(path, withJson(callOptions, method, value));

  async function remove(path: string, callOptions?: CallOptions): Promise<void> {
    const call = buildCall(settings, { path, options: { ...callOptions, method: 'DELETE' }, accept: ACCEPT_JSON });
    return sender.send(call, (exchange) => readNothing(exchange, settings));
  }

  function pages<T>(path: string, pageOptions?: PageOptions): AsyncIterable<Page<T>> {
    return readPages(sender, settings, path, pageOptions);
  }

  async function* items<T>(path: string, pageOptions?: PageOptions): AsyncGenerator<T> {
    for await (const page of pages<T>(path, pageOptions)) yield* page.items;
  }

  async function poll<T>(location: string, pollOptions?: PollOptions): Promise<T> {
    return (await pollOperation(sender, settings, { location, options: pollOptions })) as T;
  }

  const close = (): Promise<void> => sender.close();
  return {
    request,
    getJson,
    postJson: sendJson('POST'),
    patchJson: sendJson('PATCH'),
    putJson: sendJson('PUT'),
    delete: remove,
    fetch: createFetch(sender, settings),
    pages,
    items,
    batch: (requests, callOptions) => sendBatch(sender, settings, { requests, options: callOptions }),
    poll,
    download: async (path, downloadOptions) => download(sender, settings, { path, options: downloadOptions }),
    upload: async (url, uploadOptions) => upload(sender, settings, { url, options: uploadOptions }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function handOut({ call, response, interruption }: Exchange): Promise<Dispatcher.ResponseData> {
  if (hasBody(call, response)) interruption.openBody = response.body;
  return response;
}

/** The bytes are handed out as they come, so they should come as they are. */
const ACCEPT_RAW = { 'accept-encoding': 'identity' };
