/** Where a request goes, as undici wants it said; as a `URL` only for who asks for one. */

export class Target {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  #url: URL | undefined;

  /** @param path  begins with `/`; nothing in it that a URL parser would write in another way */
  constructor(origin: string, path: string) {
    this.origin = origin;
    this.path = path;
  }

  static of(url: URL): Target {
    return new Target(originOf(url), url.pathname + url.search);
  }

  get url(): URL {
    this.#url ??= new URL(this.origin + this.path);
    return this.#url;
  }

  /** RFC 3986 §3.4. A space is %20 and `$` stays: not every OData service reads `+` and `%24select`. */
  withQuery(query: Readonly<Record<string, string | number | boolean>>): Target {
    const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    const text = new URLSearchParams(pairs).toString().replaceAll('+', '%20').replaceAll('%24', '$');
    const [path, ...given] = this.path.split('?');
    const parts = [given.join('?'), text].filter((part) => part !== '');
    return new Target(this.origin, [path, ...(parts.length > 0 ? [parts.join('&')] : [])].join('?'));
  }
}

/** Not `URL.origin`: that of `blob:https://host/…` is the origin of what follows the scheme. */
export function originOf(url: URL): string {
  return `${url.protocol}//${url.host}`;
}
