/** Which proxy requests go through. RFC 9110 §9.3.6. */
import { ApiCallerError } from './errors.ts';

/** `env`: whatever the environment says when the first connection is made. */
export type ProxyOption = { readonly kind: 'env' } | { readonly kind: 'url'; readonly url: string };

/** @throws {ApiCallerError} `invalid_configuration`, which never shows the URL: a password may be in it */
export function readProxy(proxy: string | undefined): ProxyOption | undefined {
  if (proxy === undefined) return undefined;
  if (proxy === 'env') return { kind: 'env' };
  if (typeof proxy === 'string' && URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)) return { kind: 'url', url: proxy };
  throw new ApiCallerError(
    'invalid_configuration',
    '`proxy` is not the URL of an HTTP proxy; write it as http://host:port or http://user:password@host:port, or give "env"',
  );
}
