/** Gets tokens and keeps them: authority, credential, cache and protocol, joined. */
import type { AccessToken, Scope } from '@client-credentials/protocol';
import type { Inspection } from '@client-credentials/token-cache';
import { sourceKey } from './cache-key.ts';
import { CachingTokenSource } from './caching-token-source.ts';
import { Events } from './events.ts';
import { readOptions, type TokenSourceOptions } from './options.ts';
import { TokenClient } from './request/token-client.ts';

/** What one call may ask for beside the scope. */
export interface GetTokenOptions {
  /** Ends this call with its reason; a request that others wait for goes on. */
  signal?: AbortSignal | undefined;
  /** Until when this call waits, epoch milliseconds. */
  deadlineAtMs?: number | undefined;
  /** Entra: another tenant than the authority's own, if the source may get tokens of it. */
  tenant?: string | undefined;
  /**
   * The claims of an API's challenge, as JSON text. A new token is asked for with them, whatever is kept, and takes the place of the one
   * that was. The same claims get the same token for 30 s.
   */
  claims?: string | undefined;
  /** A claims request of the caller's own, as JSON text. Tokens with other claims are kept apart. */
  callerClaims?: string | undefined;
  /** Entra: promises to meet claims challenges (`cp1`). Such tokens are kept apart. Default: false. */
  cae?: boolean | undefined;
  /** A token from this source that an API refused. If it is still kept, a new one is asked for; a newer one is given as it is.
   * Of one key ten are replaced in a minute: beyond that an API refuses them for another reason than their age.
   */
  rejectedToken?: AccessToken | undefined;
  /** Asks for a new token whatever is kept, and though a refusal is remembered; from the eleventh in a minute on the kept one is given. */
  forceRefresh?: boolean | undefined;
}

/** Gives valid tokens for one client at one authority. */
export interface TokenSource {
  /**
   * A token that is valid now: the kept one, or a new one. Callers that ask at once share one request.
   *
   * @param scope  space-delimited or a list, compared as a set. Entra: one `{resource}/.default`
   * @throws {ProtocolError} for a bad scope, tenant, claims request, credential or certificate, before anything is sent
   * @throws {TokenResponseError} when the server refused; `OnboardingError` if an administrator of the tenant can end that
   * @throws {TokenSourceError} `tenant_not_allowed`, `credential_unavailable`, `untrusted_authority`, `network`, `redirected`, `timeout`,
   *   `throttled`, `refused_recently`, `contradictory_token`, `closed`
   */
  getToken(scope?: Scope, options?: GetTokenOptions): Promise<AccessToken>;
  /** What is kept for this scope; `undefined` for nothing. Counts as no use. */
  inspect(scope?: Scope, options?: { tenant?: string | undefined }): Inspection | undefined;
  /** Whether a token could be got now, for health probes. Rejects never. */
  check(options?: CheckOptions): Promise<CheckReport>;
  /** Drops the tokens of this scope, of this tenant, or all of them, after permissions changed or a credential was revoked. */
  forget(filter?: { tenant?: string | undefined; scope?: Scope | undefined }): Promise<void>;
  /** Ends what is under way and frees the connections; later calls reject with `closed`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CheckOptions {
  /** Whether the network may be asked: for metadata, for what the credential needs, and whether the store answers. Default: false. */
  network?: boolean | undefined;
}

export interface CheckReport {
  /** Whether there are no problems. */
  readonly ok: boolean;
  /** Whether the credential could be loaded, and has authenticated a request that was not sent. */
  readonly canSign: boolean;
  /** Whole days until the credential ends, where that is known. */
  readonly credentialDaysLeft?: number;
  /** When the last token came from the server, epoch milliseconds. */
  readonly lastSuccessAtMs?: number;
  /** How far the server's clock is ahead of this machine's, as far as it was learnt; milliseconds. */
  readonly clockOffsetMs: number;
  /** Whether the shared store answers; absent without one, or where the network was not to be asked. */
  readonly storeReachable?: boolean;
  /** What is wrong, in sentences. */
  readonly problems: readonly string[];
}

/**
 * A token source. Nothing is read or sent before the first `getToken`.
 *
 * @throws {ProtocolError} `invalid_parameter`, `invalid_tenant`
 * @throws {TokenSourceError} `invalid_configuration`
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const settings = readOptions(options);
  const events = new Events(settings.name);
  const storeKeyPrefix = sourceKey({ ...settings, credentialKind: settings.credential.kind });
  return new CachingTokenSource({ settings, events, origin: new TokenClient(settings, events), storeKeyPrefix });
}
