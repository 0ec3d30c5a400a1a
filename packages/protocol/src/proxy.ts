/** Which proxy requests go through. RFC 9110 §9.3.6; the variables are a convention that curl began. */

/** As undici takes them. An empty text stands for none. */
export interface ProxySettings {
  readonly httpProxy: string;
  /** For `https:` URLs; if it is empty, `httpProxy` serves for them too. */
  readonly httpsProxy: string;
  /** Hosts that are reached without a proxy, as `NO_PROXY` lists them. */
  readonly noProxy: string;
}

/**
 * What an option `proxy` means: the URL of one proxy for all requests, or `env` for what `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
 * say now, each in capitals or not; the small ones come first, and an empty one counts as absent.
 *
 * @param context.environment  the variables, by name
 * @param context.refuse  makes the error for a text that is no such URL. Its message never shows the text: a password may be in it
 * @throws what `refuse` returns
 * @see RFC 9110 §9.3.6 https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export function readProxy(
  proxy: string | undefined,
  {
    environment,
    refuse,
  }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly refuse: (message: string) => Error },
): ProxySettings | undefined {
  if (proxy === undefined) return undefined;
  const urlFrom = (text: string, name: string): string => {
    if (isProxyUrl(text)) return text;
    throw refuse(
      `${name} is not the URL of an HTTP proxy; write it as http://host:port or http://user:password@host:port, with "%40" for an "@" in the password and the like`,
    );
  };
  if (proxy !== 'env') return { httpProxy: urlFrom(proxy, 'The option proxy'), httpsProxy: '', noProxy: '' };
  const read = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const readUrl = (name: string): string => (read(name) === '' ? '' : urlFrom(read(name), name));
  return { httpProxy: readUrl('HTTP_PROXY'), httpsProxy: readUrl('HTTPS_PROXY'), noProxy: read('NO_PROXY') };
}

function isProxyUrl(text: string): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  // undici sends a user name only together with a password.
  return /^https?:$/.test(protocol) && (username === '') === (password === '') && isEncoded(username) && isEncoded(password);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
