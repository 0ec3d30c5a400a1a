/** Any OAuth 2.0 authorization server as the authority, by its issuer identifier. RFC 8414. */
import { oauthMetadataUrl, openidConfigurationUrl, parseEndpoint, parseIssuer } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Authority } from './authority.ts';

/**
 * The authorization server that calls itself by this URL.
 *
 * @param url  the issuer, to the letter: a slash at the end makes it another one
 * @param options.tokenEndpoint  configured instead of discovered; then nothing is asked first
 * @param options.discovery  where the metadata stand: `openid` appends to the issuer, `oauth` inserts before its path. Default: the
 *   one, then the other. `none` wants a `tokenEndpoint`
 * @throws {ProtocolError} `invalid_url`
 * @throws {TokenSourceError} `invalid_configuration`
 * @see RFC 8414 §3 https://www.rfc-editor.org/rfc/rfc8414#section-3
 */
export function issuer(
  url: string,
  options: {
    tokenEndpoint?: string | undefined;
    discovery?: 'oauth' | 'openid' | 'none' | undefined;
    allowHttpLoopback?: boolean | undefined;
  } = {},
): Authority {
  const { tokenEndpoint, discovery, allowHttpLoopback = false } = options;
  parseIssuer(url, { allowHttpLoopback });
  const authority = { kind: 'issuer', issuer: url, allowHttpLoopback } as const;
  if (tokenEndpoint !== undefined) {
    if (discovery !== undefined && discovery !== 'none') {
      throw new TokenSourceError(
        'invalid_configuration',
        `Both a tokenEndpoint and discovery "${discovery}" are configured; give one of the two`,
      );
    }
    parseEndpoint(tokenEndpoint, { name: 'The token endpoint', allowHttpLoopback });
    return { ...authority, server: { profile: 'rfc', issuer: url, tokenEndpoint, allowHttpLoopback }, metadataUrls: [] };
  }
  if (discovery === 'none') {
    throw new TokenSourceError('invalid_configuration', 'Without discovery the token endpoint is not known; give a tokenEndpoint');
  }
  const urls = { openid: openidConfigurationUrl(url), oauth: oauthMetadataUrl(url) };
  return { ...authority, metadataUrls: discovery === undefined ? [urls.openid, urls.oauth] : [urls[discovery]] };
}
