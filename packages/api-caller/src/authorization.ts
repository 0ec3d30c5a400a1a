/** Asks whoever has tokens for one, and makes sure that what came back can be shown to an API. RFC 6750 §2.1, RFC 9449 §7.1. */
import type { TokenBinding } from '@client-credentials/protocol';
import { ApiCallerError, printable } from './errors.ts';

/** A token as our token source or an Azure `TokenCredential` hands it out. */
export type TokenLike =
  | { readonly value: string; readonly expiresAtMs: number; readonly tokenType?: string; readonly binding?: TokenBinding }
  | { readonly token: string; readonly expiresOnTimestamp: number; readonly tokenType?: string };

/** What a provider is told beside the scope. */
export interface TokenDemand {
  /** The signal of the call that needs the token. */
  readonly signal?: AbortSignal;
  /** When that call gives up, epoch milliseconds. */
  readonly deadlineAtMs: number;
  /** Whose token is wanted, for providers that serve many tenants. */
  readonly tenant?: string;
  /** What the provider gave before and the API answered with 401: give another one. */
  readonly rejectedToken?: string | TokenLike;
  /** JSON text: what the API's challenge asks of the token. OpenID Connect Core §5.5. */
  readonly claims?: string;
  /** The API refused what the token stands for: a newer one may stand for more. */
  readonly forceRefresh?: boolean;
}

/**
 * Where tokens come from: our token source, an Azure `TokenCredential`, or a function. It is asked for every call, so it
 * should keep its tokens. What it throws reaches the caller unchanged, and is never repeated here.
 */
export type TokenProvider =
  | { getToken(scope: string, options?: object): Promise<TokenLike | null> }
  | ((scope: string, demand: TokenDemand) => Promise<string | TokenLike>);

/** A usable token, and the very object the provider gave, to be shown to it again should the API reject it. */
export interface Authorization {
  readonly given: string | TokenLike;
  readonly value: string;
  /** The value of the `Authorization` field. */
  readonly header: string;
  /** The key that must be shown with it, if there is one. */
  readonly binding: TokenBinding | undefined;
}

/** Asks one provider for tokens of one scope. */
export class Authorizer {
  readonly #tokens: TokenProvider;
  readonly #scope: string;
  #last: { readonly value: string; readonly header: string } | undefined;

  constructor(tokens: TokenProvider, scope: string) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  /**
   * A token that can be sent as it is; without one nothing is sent.
   *
   * @throws {ApiCallerError} `no_token` if the provider has none, or gave what no API takes
   * @see RFC 6750 §2.1 https://www.rfc-editor.org/rfc/rfc6750#section-2.1
   */
  async obtain(demand: TokenDemand): Promise<Authorization> {
    const tokens = this.#tokens;
    const given =
      typeof tokens === 'function' ? await tokens(this.#scope, demand) : await tokens.getToken(this.#scope, forCredential(demand));
    if (given === null || given === undefined) throw noToken('none');
    const value = typeof given === 'string' ? given : 'token' in given ? given.token : given.value;
    const type = (typeof given === 'string' ? undefined : given.tokenType) ?? 'Bearer';
    const binding = typeof given === 'string' || 'token' in given ? undefined : given.binding;
    if (type === 'Bearer' && this.#last !== undefined && this.#last.value === value)
      return { given, value, header: this.#last.header, binding };
    const header = `${schemeOf(type, binding)} ${requireSendable(value)}`;
    // Nearly every call gets the token of the one before; reading it through again would cost more than all other checks.
    if (type === 'Bearer') this.#last = { value, header };
    return { given, value, header, binding };
  }
}

/** A bound token without its key, sent as if it were not bound, is refused by the API at best. */
function schemeOf(type: string, binding: TokenBinding | undefined): string {
  switch (type.toLowerCase()) {
    case 'bearer':
      return 'Bearer';
    case 'dpop':
      if (binding?.proof !== undefined) return 'DPoP';
      break;
    case 'mtls_pop':
      if (binding?.tls !== undefined) return 'mtls_pop';
      break;
    default:
      throw noToken(`one of type ${printable(type, 40)}, which this package cannot show`);
  }
  throw noToken(`one of type ${type} without the key that it is bound to`);
}

function requireSendable(value: unknown): string {
  if (typeof value === 'string' && VISIBLE_ASCII.test(value)) return value;
  throw noToken('one that is empty or holds characters no header may hold');
}

/** Azure's credentials have names of their own. The engine answers the challenges that `enableCae` invites. */
function forCredential(demand: TokenDemand): object {
  const { signal, tenant } = demand;
  return {
    ...demand,
    enableCae: true,
    ...(signal !== undefined && { abortSignal: signal }),
    ...(tenant !== undefined && { tenantId: tenant }),
  };
}

function noToken(what: string): ApiCallerError {
  return new ApiCallerError('no_token', `Nothing was sent: asked for a token, the provider gave ${what}`);
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
