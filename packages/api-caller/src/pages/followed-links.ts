/** The pages fetched so far, so that an API that names one of them as its next page is not followed round and round. */
import { createHash } from 'node:crypto';
import { ApiCallerError } from '../errors.ts';

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
