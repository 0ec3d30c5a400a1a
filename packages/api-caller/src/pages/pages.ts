/** Walks a collection page by page, as far as its reader goes. OData Protocol 4.01 §11.2.6.7. */

import { buildCall, type Call, type CallOptions, labelOf } from '../call.ts';
import { ApiCallerError, ApiResponseError } from '../errors.ts';
import { readHeaders } from '../headers.ts';
import { ACCEPT_JSON, readJson } from '../json.ts';
import type { Sender } from '../send.ts';
import { readWhole, type Settings } from '../settings.ts';
import type { Target } from '../target.ts';
import { FollowedLinks } from './followed-links.ts';
import { type PageStyle, type ReadPage, readPage } from './page.ts';

/**
 * Options of `pages` and `items`. `method`, `query` and `body` are for the first page only, as a next link is fetched whole
 * and opaque; `headers` go with every page, and `deadlineMs` starts anew with each.
 */
export interface PageOptions extends CallOptions {
  /** Default: `odata`. */
  readonly style?: PageStyle | undefined;
  /** A page's `checkpoint`: begins after that page, in place of at `path`. */
  readonly from?: string | undefined;
  /** Fetches the next page while this one is worked on. Default: false. */
  readonly prefetch?: boolean | undefined;
  /** Told after each page how far it went. */
  readonly onProgress?: ((progress: { readonly pages: number; readonly items: number }) => void) | undefined;
  /** Asks for at most so many items a page, with `Prefer: odata.maxpagesize`. */
  readonly maxPageSize?: number | undefined;
}

/** One page, and the whole body it came from. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly body: unknown;
  /** Kept once this page is done with, and given as `from`, it goes on after this page. Absent with the last one. */
  readonly checkpoint?: string;
  /** OData delta queries, with the last page: the path to call `pages` with later, for what has changed since. */
  readonly deltaLink?: string;
}

/**
 * Every page in order, each fetched when it is asked for and read to its end before it is handed out, so that leaving early
 * leaves nothing open. Every next link passes the same egress check as a first request.
 *
 * @throws {ApiCallerError} as `getJson`, and `egress_refused`, `page_loop` or `response_error` for a bad page; `resync_required`
 *   where a delta link or a checkpoint is too old (410), and the collection has to be read from its beginning
 * @see OData Protocol 4.01 §11.2.6.7 https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html
 */
export async function* readPages<T>(sender: Sender, settings: Settings, path: string, options: PageOptions = {}): AsyncGenerator<Page<T>> {
  const { onProgress, maxPageSize, style = 'odata', from, prefetch = false, ...callOptions } = options;
  const leaving = new AbortController();
  const signal = prefetch ? AbortSignal.any([leaving.signal, callOptions.signal ?? []].flat()) : callOptions.signal;
  const headers = preferPageSize(readHeaders(callOptions.headers), maxPageSize);
  const start = buildCall(settings, { path, options: { ...callOptions, headers, signal }, accept: ACCEPT_JSON });
  const { deadlineMs, tenant, authorize } = callOptions;
  const each: CallOptions = { headers, signal, deadlineMs, tenant, authorize };
  const walk = new Walk<T>({ sender, settings, style });
  const first = from === undefined ? start : buildCall(settings, { path: from, options: each, accept: ACCEPT_JSON });
  let fetched = walk.fetch(() => first);
  try {
    for (let pages = 1, items = 0; ; pages += 1) {
      const { page, target } = await fetched;
      const { nextLink } = page;
      items += page.items.length;
      onProgress?.({ pages, items });
      const fetchNext = (link: string): Promise<FetchedPage<T>> =>
        walk.fetch(() => buildCall(settings, { path: link, from: target, options: each, accept: ACCEPT_JSON }));
      const coming = prefetch && nextLink !== undefined ? fetchNext(nextLink) : undefined;
      // Whoever asks for the next page hears of its failure; nobody need ask.
      coming?.catch(() => {});
      yield handOut(page, target.url);
      if (nextLink === undefined) return;
      fetched = coming ?? fetchNext(nextLink);
    }
  } finally {
    leaving.abort();
  }
}

interface FetchedPage<T> {
  readonly page: ReadPage<T>;
  /** Where it came from in the end, against which its links are resolved. */
  readonly target: Target;
}

/** Fetches pages one after the other, none of them twice. */
class Walk<T> {
  readonly #parts: { readonly sender: Sender; readonly settings: Settings; readonly style: PageStyle };
  readonly #followed = new FollowedLinks();

  constructor(parts: { readonly sender: Sender; readonly settings: Settings; readonly style: PageStyle }) {
    this.#parts = parts;
  }

  async fetch(build: () => Call): Promise<FetchedPage<T>> {
    const { sender, settings, style } = this.#parts;
    const call = build();
    this.#followed.follow(call.target.url);
    try {
      return await sender.send(call, async (exchange) => {
        const body = await readJson(exchange, settings);
        return { page: readPage<T>(body, exchange, style), target: exchange.call.target };
      });
    } catch (error) {
      throw error instanceof ApiResponseError && error.status === 410 ? resyncRequired(call, error) : error;
    }
  }
}

function handOut<T>({ items, body, nextLink, deltaLink }: ReadPage<T>, url: URL): Page<T> {
  return {
    items,
    body,
    ...(nextLink !== undefined && { checkpoint: absolute(nextLink, url) }),
    ...(deltaLink !== undefined && { deltaLink: absolute(deltaLink, url) }),
  };
}

/** What can be parsed is checked where it is called. */
function absolute(link: string, url: URL): string {
  return URL.canParse(link, url.href) ? new URL(link, url).href : link;
}

/** A server keeps what it needs to go on for some time only. */
function resyncRequired(call: Call, { apiCode }: ApiResponseError): ApiCallerError {
  const said = apiCode === undefined ? '' : ` (${apiCode})`;
  return new ApiCallerError(
    'resync_required',
    `${labelOf(call)} answered 410${said}: it no longer knows how to go on from here; read the collection again from its beginning`,
  );
}

/** RFC 7240 §2: several preferences may share one field, and a caller may have others. */
function preferPageSize(headers: Readonly<Record<string, string>>, maxPageSize: number | undefined): Readonly<Record<string, string>> {
  if (maxPageSize === undefined) return headers;
  const preference = `odata.maxpagesize=${readWhole('maxPageSize', maxPageSize)}`;
  return { ...headers, prefer: headers['prefer'] === undefined ? preference : `${headers['prefer']}, ${preference}` };
}
