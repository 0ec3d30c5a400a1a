/** A page of a collection as OData writes it, and the links followed so far. OData JSON 4.01 §4.6.6 and §13. */
import { createHash } from 'node:crypto';
import { ApiCallerError } from '../errors.ts';

/**
 * The items of a page, and where the next one is.
 *
 * @param label  which call the page came from, for messages
 * @throws {ApiCallerError} `response_error` if `value` is no array, or `@odata.nextLink` is there and no string
 * @see OData JSON 4.01 §4.6.6 https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html
 */
export function readPage<T>(body: unknown, label: string): { readonly items: readonly T[]; readonly nextLink: string | undefined } {
  const { value, '@odata.nextLink': nextLink } = (body ?? {}) as { readonly value?: unknown; readonly '@odata.nextLink'?: unknown };
  if (!Array.isArray(value))
    throw new ApiCallerError('response_error', `${label} answered without an array "value", so it is no collection; use getJson`);
  // Some serialisers write null for what is absent.
  if (nextLink === undefined || nextLink === null) return { items: value, nextLink: undefined };
  if (typeof nextLink !== 'string')
    throw new ApiCallerError('response_error', `${label} answered with an "@odata.nextLink" that is no string`);
  return { items: value, nextLink };
}

/** Remembers the last 10,000 links as digests, about 1 MB; a longer loop than that goes unnoticed. */
export class FollowedLinks {
  readonly #digests = new Set<string>();

  /** @throws {ApiCallerError} `page_loop` if this link was followed before */
  follow(url: URL): void {
    const digest = createHash('sha256').update(url.href).digest('base64url');
    if (this.#digests.has(digest))
      throw new ApiCallerError(
        'page_loop',
        `The API names ${url.origin}${url.pathname} as next page a second time; stopped before fetching it again`,
      );
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (this.#digests.size > REMEMBERED_LINKS && oldest !== undefined) this.#digests.delete(oldest);
  }
}

const REMEMBERED_LINKS = 10_000;
