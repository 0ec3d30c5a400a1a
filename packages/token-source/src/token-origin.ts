/** Where a source gets the tokens that it does not have: an authorization server, or the platform this process runs on. */
import type { AccessToken, TokenBinding } from '@client-credentials/protocol';
import type { Store } from '@client-credentials/token-cache';
import type { CheckOptions, CheckReport } from './token-source.ts';

/** The token that is wanted. */
export interface AskedToken {
  /** Under which it is kept, and refusals of it are remembered. */
  readonly key: string;
  readonly scopes: readonly string[];
  /** As `tenantOf` returned it. */
  readonly tenant: string | undefined;
  /** A claims request. */
  readonly claims: string | undefined;
  /** What the client is able to do, for this token. */
  readonly capabilities: readonly string[];
  /** Whether an API demanded it: a refusal then says nothing of the token as it is usually asked for. */
  readonly isChallenged: boolean;
  /** Whether a refusal that is remembered is passed over. */
  readonly forceRefresh: boolean;
}

export interface TokenOrigin {
  /** @throws {ProtocolError} `invalid_scope` */
  requireScopes(scopes: readonly string[]): void;
  /**
   * The tenant in its one spelling; `undefined` for the origin's own.
   *
   * @throws {ProtocolError} `invalid_tenant`
   * @throws {TokenSourceError} `tenant_not_allowed`, `invalid_configuration`
   */
  tenantOf(tenant: string | undefined): string | undefined;
  acquire(asked: AskedToken, signal: AbortSignal): Promise<AccessToken>;
  /** What tokens are bound to now, where that may change while the source lives. */
  readonly binding: TokenBinding | undefined;
  /**
   * Looks whether it has changed. Where that cannot be found out, the one that was stays.
   *
   * @param signal  ends the wait of one caller
   * @throws {TokenCacheError} `flight_timeout`, `closed`
   */
  refreshBinding(signal: AbortSignal | undefined): Promise<void>;
  /** @param store  where the source shares its tokens, if it does */
  check(options: CheckOptions, store: Store | undefined): Promise<CheckReport>;
  /** Drops what was learnt of refusals. */
  forget(): void;
  close(): Promise<void>;
}
