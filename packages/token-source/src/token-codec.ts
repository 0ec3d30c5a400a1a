/** How a token is written to a shared store, and read from it: the only place where one's value is written anywhere. */
import { type AccessToken, createAccessToken, type TokenBinding } from '@client-credentials/protocol';
import type { Codec } from '@client-credentials/token-cache';

/**
 * Tokens as JSON. A bound token is written without its key, which it gets back from whoever reads it.
 *
 * @param bindingOf  the reader's own key of this thumbprint, if it has it
 * @param onDecoded  told of every token that was read
 */
export function createTokenCodec({
  bindingOf,
  onDecoded,
}: {
  bindingOf: (thumbprint: string) => TokenBinding | undefined;
  onDecoded: (token: AccessToken) => void;
}): Codec<AccessToken> {
  return {
    encode: (token) => {
      const { value, tokenType, expiresAtMs, refreshAtMs, extendedExpiresAtMs, receivedAtMs, scopes, narrowed } = token;
      const times = { expiresAtMs, refreshAtMs, extendedExpiresAtMs, receivedAtMs };
      return Buffer.from(JSON.stringify({ value, tokenType, ...times, scopes, narrowed, boundTo: token.binding?.thumbprint }));
    },
    decode: (bytes) => {
      const { value, boundTo, ...properties } = readToken(JSON.parse(Buffer.from(bytes).toString()));
      const binding = boundTo === undefined ? undefined : bindingOf(boundTo);
      if (boundTo !== undefined && binding === undefined) throw new TypeError('The token is bound to a key that is not here');
      const token = createAccessToken(value, { ...properties, ...(binding !== undefined && { binding }) });
      onDecoded(token);
      return token;
    },
  };
}

type WrittenToken = Omit<AccessToken, 'binding' | 'refreshTokenPresent'> & { readonly boundTo?: string };

/** Whatever is in the store, only what a token consists of comes out. */
function readToken(json: unknown): WrittenToken {
  const { value, tokenType, expiresAtMs, refreshAtMs, extendedExpiresAtMs, receivedAtMs, scopes, narrowed, boundTo } = json as WrittenToken;
  const isToken =
    typeof value === 'string' &&
    VISIBLE_ASCII.test(value) &&
    TOKEN_TYPES.has(tokenType) &&
    [expiresAtMs, receivedAtMs].every(Number.isFinite) &&
    [refreshAtMs, extendedExpiresAtMs].every((time) => time === undefined || Number.isFinite(time)) &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    typeof narrowed === 'boolean' &&
    (boundTo === undefined ? tokenType === 'Bearer' : typeof boundTo === 'string');
  if (!isToken) throw new TypeError('The entry is no token');
  return {
    value,
    tokenType,
    expiresAtMs,
    ...(refreshAtMs !== undefined && { refreshAtMs }),
    ...(extendedExpiresAtMs !== undefined && { extendedExpiresAtMs }),
    receivedAtMs,
    scopes: Object.freeze([...scopes]),
    narrowed,
    ...(boundTo !== undefined && { boundTo }),
  };
}

/** What a header can carry. */
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const TOKEN_TYPES: ReadonlySet<unknown> = new Set(['Bearer', 'DPoP', 'mtls_pop']);
