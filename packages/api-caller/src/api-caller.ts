/** Calls one web API: the face of this package. */
import type { Dispatcher } from 'undici';
import { buildCall, type Call, type CallOptions } from './call.ts';
import { openConnection } from './connection.ts';
import { acceptJson, readJson } from './json.ts';
import { type Page, type PageOptions, readPages } from './pages/pages.ts';
import { Sender } from './send.ts';
import { type ApiCallerOptions, readSettings } from './settings.ts';

/**
 * Sends requests with an access token that goes to declared origins only. A path is appended to `baseUrl`, with or without a
 * leading `/`; a full URL is taken if its origin was declared. No redirect is followed.
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
  /** The pages of an OData collection, each fetched when it is asked for. */
  pages<T = unknown>(path: string, options?: PageOptions): AsyncIterable<Page<T>>;
  /** The items of all its pages. */
  items<T = unknown>(path: string, options?: PageOptions): AsyncIterable<T>;
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
  const { dispatcher, ca } = options;
  const sender = new Sender(settings, openConnection({ dispatcher, ca, connectTimeoutMs: settings.attemptTimeoutMs }));

  async function request(path: string, callOptions?: CallOptions): Promise<Dispatcher.ResponseData> {
    return sender.send(buildCall(settings, path, callOptions), async ({ call, response, interruption }) => {
      if (hasBody(call, response)) interruption.openBody = response.body;
      return response;
    });
  }

  async function getJson<T>(path: string, callOptions?: CallOptions): Promise<T> {
    const call = acceptJson(buildCall(settings, path, callOptions));
    return sender.send(call, async (exchange) => (await readJson(exchange, settings)) as T);
  }

  function pages<T>(path: string, pageOptions?: PageOptions): AsyncIterable<Page<T>> {
    return readPages(sender, settings, path, pageOptions);
  }

  async function* items<T>(path: string, pageOptions?: PageOptions): AsyncGenerator<T> {
    for await (const page of pages<T>(path, pageOptions)) yield* page.items;
  }

  const close = (): Promise<void> => sender.close();
  return { request, getJson, pages, items, close, [Symbol.asyncDispose]: close };
}

/** The stream of an empty body does not close until somebody reads it, which nobody need do. */
function hasBody({ method }: Call, { statusCode, headers }: Dispatcher.ResponseData): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304 && headers['content-length'] !== '0';
}
