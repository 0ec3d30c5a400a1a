/** Any OAuth 2.0 authorization server as the authority, by its issuer identifier. RFC 8414. */
import {
  insertedOpenidConfigurationUrl,
  oauthMetadataUrl,
  openidConfigurationUrl,
  parseEndpoint,
  parseIssuer,
} from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Authority } from './authority.ts';
import { discover } from './discover.ts';

/**
 * The authorization server that calls itself by this URL.
 *
 * @param url  the issuer, to the letter: a slash at the end makes it another one
 * @param options.tokenEndpoint  configured instead of discovered; then nothing is asked first
 * @param options.discovery  where the metadata stand: `openid` appends to the issuer, `oauth` inserts before its path. Default: the
 *   one, then the other, then OpenID's name before the path. `none` wants a `tokenEndpoint`
 * @param options.allowHttpLoopback  lets `http:` through for a loopback host. Default: false
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
  if (tokenEndpoint !== undefined) {
    if (discovery !== undefined && discovery !== 'none') {
      throw new TokenSourceError(
        'invalid_configuration',
        `Both a tokenEndpoint and discovery "${discovery}" are configured; give one of the two`,
      );
    }
    parseEndpoint(tokenEndpoint, { name: 'The token endpoint', allowHttpLoopback });
    return { kind: 'issuer', issuer: url, server: { profile: 'rfc', issuer: url, tokenEndpoint, allowHttpLoopback } };
  }
  if (discovery === 'none') {
    throw new TokenSourceError('invalid_configuration', 'Without discovery the token endpoint is not known; give a tokenEndpoint');
  }
  const publisher = { issuer: url, metadataUrls: METADATA_URLS[discovery ?? 'any'](url), allowHttpLoopback };
  return { kind: 'issuer', issuer: url, discover: (context) => discover(publisher, context) };
}

/** Each place once: for an issuer without a path the first and the last are the same. */
const METADATA_URLS = {
  any: (url: string): [string, ...string[]] => {
    const [first, ...others] = [openidConfigurationUrl(url), oauthMetadataUrl(url), insertedOpenidConfigurationUrl(url)] as const;
    return [first, ...others.filter((other) => other !== first)];
  },
  openid: (url: string): [string] => [openidConfigurationUrl(url)],
  oauth: (url: string): [string] => [oauthMetadataUrl(url)],
} as const;
