/** Which proxy requests go through. RFC 9110 §9.3.6; the variables are a convention that curl began. */
import { type Environment, readVariable } from '../environment.ts';
import { TokenSourceError } from '../errors.ts';

/** As undici takes them. An empty text stands for none. */
export interface ProxySettings {
  readonly httpProxy: string;
  /** For `https:` URLs; if it is empty, `httpProxy` serves for them too. */
  readonly httpsProxy: string;
  /** Hosts that are reached without a proxy, as `NO_PROXY` lists them. */
  readonly noProxy: string;
}

/**
 * What the option `proxy` means: the URL of one proxy for all requests, or `env` for what `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` say now, each in capitals or not. A proxy gets to know host names and never what is sent: `http:` URLs are tunnelled too.
 *
 * @throws {TokenSourceError} `invalid_configuration`, which never shows the URL: a password may be in it
 */
export function readProxy(proxy: string | undefined, environment: Environment = process.env): ProxySettings | undefined {
  if (proxy === undefined) return undefined;
  if (proxy !== 'env') return { httpProxy: requireProxyUrl(proxy, 'The option proxy'), httpsProxy: '', noProxy: '' };
  const read = (name: string): string | undefined => readVariable(environment, name.toLowerCase()) ?? readVariable(environment, name);
  const [httpProxy, httpsProxy] = ['HTTP_PROXY', 'HTTPS_PROXY'].map((name) => {
    const url = read(name);
    return url === undefined ? '' : requireProxyUrl(url, name);
  });
  return { httpProxy: httpProxy ?? '', httpsProxy: httpsProxy ?? '', noProxy: read('NO_PROXY') ?? '' };
}

function requireProxyUrl(text: string, name: string): string {
  if (isProxyUrl(text)) return text;
  throw new TokenSourceError(
    'invalid_configuration',
    `${name} is not the URL of an HTTP proxy; write it as http://host:port or http://user:password@host:port, with "%40" for an "@" in the password and the like`,
  );
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
