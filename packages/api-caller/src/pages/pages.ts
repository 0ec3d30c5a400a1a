/** Walks a collection page by page, as far as its reader goes. OData Protocol 4.01 §11.2.6.7. */
import { buildCall, type CallOptions } from '../call.ts';
import { readHeaders } from '../headers.ts';
import { acceptJson, readJson } from '../json.ts';
import type { Sender } from '../send.ts';
import { readWhole, type Settings } from '../settings.ts';
import { FollowedLinks, readPage } from './next-link.ts';

/**
 * Options of `pages` and `items`. `method`, `query` and `body` are for the first page only, as a next link is fetched whole
 * and opaque; `headers` go with every page, and `deadlineMs` starts anew with each.
 */
export interface PageOptions extends CallOptions {
  /** Told after each page how far it went. */
  readonly onProgress?: ((progress: { readonly pages: number; readonly items: number }) => void) | undefined;
  /** Asks for at most so many items a page, with `Prefer: odata.maxpagesize`. */
  readonly maxPageSize?: number | undefined;
}

/** One page, and the whole body it came from. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly body: unknown;
}

/**
 * Every page in order, each fetched when it is asked for and read to its end before it is handed out, so that leaving early
 * leaves nothing open. Every next link passes the same egress check as a first request.
 *
 * @throws {ApiCallerError} as `getJson`, and `egress_refused`, `page_loop` or `response_error` for a bad page
 * @see OData Protocol 4.01 §11.2.6.7 https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html
 */
export async function* readPages<T>(sender: Sender, settings: Settings, path: string, options: PageOptions = {}): AsyncGenerator<Page<T>> {
  const { onProgress, maxPageSize, ...callOptions } = options;
  const headers = preferPageSize(readHeaders(callOptions.headers), maxPageSize);
  const { signal, deadlineMs } = callOptions;
  const followed = new FollowedLinks();
  let call = buildCall(settings, path, { ...callOptions, headers });
  for (let pages = 1, items = 0; ; pages += 1) {
    followed.follow(call.url);
    const body = await sender.send(acceptJson(call), (exchange) => readJson(exchange, settings));
    const page = readPage<T>(body, call.label);
    items += page.items.length;
    onProgress?.({ pages, items });
    yield { items: page.items, body };
    if (page.nextLink === undefined) return;
    call = buildCall(settings, page.nextLink, { headers, signal, deadlineMs }, call.url);
  }
}

/** RFC 7240 §2: several preferences may share one field, and a caller may have others. */
function preferPageSize(headers: Readonly<Record<string, string>>, maxPageSize: number | undefined): Readonly<Record<string, string>> {
  if (maxPageSize === undefined) return headers;
  const preference = `odata.maxpagesize=${readWhole('maxPageSize', maxPageSize)}`;
  return { ...headers, prefer: headers['prefer'] === undefined ? preference : `${headers['prefer']}, ${preference}` };
}
