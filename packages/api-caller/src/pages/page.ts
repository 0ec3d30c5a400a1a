/** One page of a collection, in each of the forms that APIs have for it. OData JSON 4.01 §4.6, RFC 8288. */
import { type Call, labelOf } from '../call.ts';
import { ApiCallerError } from '../errors.ts';
import { fieldsOf } from '../headers.ts';
import type { Exchange } from '../send.ts';
import { readNextLink } from './link-header.ts';

/**
 * How an API says where its next page is: in `@odata.nextLink`, in a `Link` header, or in whatever way a function finds it; that
 * returns the next page's URL or path, and `undefined` after the last page.
 */
export type PageStyle = 'odata' | 'link' | ((page: unknown, response: { headers: Readonly<Record<string, string>> }) => string | undefined);

/** What a page holds. */
export interface ReadPage<T> {
  readonly items: readonly T[];
  readonly body: unknown;
  readonly nextLink: string | undefined;
  /** OData: where to ask later for what has changed since. */
  readonly deltaLink: string | undefined;
}

/**
 * @throws {ApiCallerError} `response_error` if there is no list of items, or a link is no string
 * @see OData JSON 4.01 §4.6.6 https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html
 */
export function readPage<T>(body: unknown, { call, response }: Pick<Exchange, 'call' | 'response'>, style: PageStyle): ReadPage<T> {
  if (style === 'odata') {
    const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = (body ?? {}) as Readonly<Record<string, unknown>>;
    return {
      items: requireItems(value, call, 'an array "value"'),
      body,
      nextLink: readLink(nextLink, 'an "@odata.nextLink"', call),
      deltaLink: readLink(deltaLink, 'an "@odata.deltaLink"', call),
    };
  }
  const items: readonly T[] = requireItems(itemsOf(body), call, `an array, as it is or as one of ${LISTS.join(', ')}`);
  const nextLink = style === 'link' ? readNextLink(fieldsOf(response.headers, 'link')) : style(body, { headers: joined(response.headers) });
  return { items, body, nextLink: readLink(nextLink, 'a next page', call), deltaLink: undefined };
}

function itemsOf(body: unknown): unknown {
  if (Array.isArray(body)) return body;
  const members = (body ?? {}) as Readonly<Record<string, unknown>>;
  return LISTS.map((name) => members[name]).find((list) => Array.isArray(list));
}

function requireItems<T>(list: unknown, call: Call, expected: string): readonly T[] {
  if (Array.isArray(list)) return list;
  throw new ApiCallerError('response_error', `${labelOf(call)} answered without ${expected}, so it is no collection; use getJson`);
}

/** Some serialisers write null for what is absent. */
function readLink(link: unknown, name: string, call: Call): string | undefined {
  if (link === undefined || link === null || typeof link === 'string') return link ?? undefined;
  throw new ApiCallerError('response_error', `${labelOf(call)} answered with ${name} that is no string`);
}

function joined(headers: Exchange['response']['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, fieldsOf(headers, name).join(', ')]));
}

const LISTS = ['value', 'items', 'data', 'results'];
