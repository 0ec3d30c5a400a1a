/** The rules a URL must keep before a credential or a request goes to it. RFC 6749 §3.2, RFC 8414 §2, RFC 9110 §4.2.4. */
import { ProtocolError, quote } from './errors.ts';

/** Which URLs are let through. */
export interface EndpointRules {
  /** What the URL is, for the message: "The token endpoint". */
  readonly name: string;
  /** Lets `http:` through for a loopback host, for tests against a server on this machine. */
  readonly allowHttpLoopback?: boolean | undefined;
}

/**
 * The parsed form of an absolute URL that may receive a request: `https:`, without fragment and without user information.
 *
 * @throws {ProtocolError} `invalid_url`, saying which rule is broken
 * @see RFC 6749 §3.2 https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
export function parseEndpoint(text: string, rules: EndpointRules): URL {
  const refuse = (why: string): ProtocolError => new ProtocolError('invalid_url', `${rules.name} is ${quoteUrl(text)}: ${why}`);
  // A URL parser drops line breaks and turns a backslash into a slash; what is sent must be what was written.
  if (typeof text !== 'string' || !VISIBLE_ASCII.test(text) || text.includes('\\')) {
    throw refuse('it is empty, or holds white space, a backslash or a character outside ASCII');
  }
  // It also takes `https:host` and `https:///host` for `https://host`.
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text) || !URL.canParse(text)) throw refuse('it is not an absolute URL');
  const url = new URL(text);
  if (text.includes('#')) throw refuse('it has a fragment, which RFC 6749 §3.2 forbids');
  if (/^[^/]*\/\/[^/?]*@/.test(text)) throw refuse('it carries user information; remove what stands before the "@"');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') throw refuse('its scheme is not https');
  if (!isLoopbackHost(url.hostname)) throw refuse('credentials and tokens need TLS; use https');
  if (rules.allowHttpLoopback !== true) throw refuse('plain http is refused; for a test server on this machine set allowHttpLoopback');
  return url;
}

/** Whether the host, as `URL.hostname` writes it, is this machine. @see RFC 6761 §6.3 https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * A URL for a message: as `quote` has it, without what stands before an "@", a query and a fragment. Each of them may hold a
 * secret, also where a password has the marks at which a URL is cut.
 */
export function quoteUrl(url: unknown): string {
  return quote(typeof url === 'string' ? url.replace(/^.*@/s, '…@').replace(/[?#].*$/s, '') : url);
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
