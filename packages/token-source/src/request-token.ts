/** One token without a cache, for programs that end right after. */
import type { AccessToken, Scope } from '@client-credentials/protocol';
import type { TokenSourceOptions } from './options.ts';
import { createTokenSource } from './token-source.ts';

/**
 * A token from a request of its own, with the retries, deadline and checks of a token source; its connection is closed.
 *
 * @throws as `createTokenSource` and `getToken` do
 * @see RFC 6749 §4.4 https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function requestToken(
  options: Omit<TokenSourceOptions, 'cache'> & { scope?: Scope | undefined; signal?: AbortSignal | undefined },
): Promise<AccessToken> {
  const { scope, signal, ...sourceOptions } = options;
  const source = createTokenSource(sourceOptions);
  try {
    return await source.getToken(scope, { signal });
  } finally {
    await source.close();
  }
}
