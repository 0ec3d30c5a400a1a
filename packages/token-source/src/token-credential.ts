/** A token source in the shape that the clients of Azure's SDK take: their `TokenCredential`, without a dependency on them. */
import type { AccessToken } from '@client-credentials/protocol';
import { TokenSourceError } from './errors.ts';
import type { TokenSource } from './token-source.ts';

/**
 * What clients of Azure, of Microsoft Graph and of SQL Server ask for tokens.
 *
 * @see Azure Core Auth, TokenCredential https://learn.microsoft.com/javascript/api/@azure/core-auth/tokencredential
 */
export interface TokenCredential {
  getToken(scopes: string | string[], options?: GetAzureTokenOptions): Promise<AzureAccessToken | null>;
}

/** What such a client may ask for beside the scopes. */
interface GetAzureTokenOptions {
  /** Ends this call; a request that others wait for goes on. */
  abortSignal?: AbortSignalLike | undefined;
  /** A claims request from an API's challenge, as JSON. */
  claims?: string | undefined;
  /** Whether the client can answer such challenges. */
  enableCae?: boolean | undefined;
  /** Another tenant than the source's own, where the source allows it. */
  tenantId?: string | undefined;
}

/** What Azure's clients take for an `AbortSignal`. */
interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A token as Azure's clients read it. Times are epoch milliseconds. */
interface AzureAccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  /** From when on the server wants the token to be renewed. */
  readonly refreshAfterTimestamp?: number;
  readonly tokenType?: 'Bearer';
}

/**
 * The source as a `TokenCredential`. Its `getToken` throws what that of the source throws, and `invalid_configuration` for a token
 * that is bound to a key: such a client could not prove that it has the key.
 */
export function asTokenCredential(source: Pick<TokenSource, 'getToken'>): TokenCredential {
  return {
    async getToken(scopes, { abortSignal, claims, enableCae, tenantId } = {}) {
      const following = followSignal(abortSignal);
      try {
        const options = { signal: following?.signal, claims, cae: enableCae, tenant: tenantId };
        return azureToken(await source.getToken(scopes, options));
      } finally {
        following?.stop();
      }
    },
  };
}

function azureToken({ value, tokenType, binding, expiresAtMs, refreshAtMs }: AccessToken): AzureAccessToken {
  if (tokenType !== 'Bearer' || binding !== undefined) {
    throw new TokenSourceError(
      'invalid_configuration',
      `The token is bound to a key (${tokenType}), which an Azure client cannot show; give it a source whose tokens are not bound`,
    );
  }
  return {
    token: value,
    expiresOnTimestamp: expiresAtMs,
    ...(refreshAtMs !== undefined && { refreshAfterTimestamp: refreshAtMs }),
    tokenType,
  };
}

interface Following {
  readonly signal: AbortSignal;
  stop(): void;
}

/** Node's own signal that aborts when another one does: Azure's clients may bring one that is no `AbortSignal`. */
function followSignal(leader: AbortSignalLike | undefined): Following | undefined {
  if (leader === undefined) return undefined;
  if (leader instanceof AbortSignal) return { signal: leader, stop: () => {} };
  const follower = new AbortController();
  // Without an argument: the reason is then the AbortError that Azure's clients look for.
  const onAbort = (): void => follower.abort();
  leader.addEventListener('abort', onAbort);
  if (leader.aborted) onAbort();
  return { signal: follower.signal, stop: () => leader.removeEventListener('abort', onAbort) };
}
