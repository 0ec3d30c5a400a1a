/** Asks whoever has tokens for one, and makes sure that what came back may stand in an `Authorization` header. RFC 6750 §2.1. */
import { ApiCallerError } from './errors.ts';

/** A token as our token source or an Azure `TokenCredential` hands it out. */
export type TokenLike =
  | { readonly value: string; readonly expiresAtMs: number; readonly tokenType?: string }
  | { readonly token: string; readonly expiresOnTimestamp: number; readonly tokenType?: string };

/** What a provider is told beside the scope. */
export interface TokenDemand {
  /** The signal of the call that needs the token. */
  readonly signal?: AbortSignal;
  /** When that call gives up, epoch milliseconds. */
  readonly deadlineAtMs: number;
  /** What the provider gave before and the API answered with 401: give another one. */
  readonly rejectedToken?: string | TokenLike;
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
   * @throws {ApiCallerError} `no_token` if the provider has none, or gave what is no bearer token
   * @see RFC 6750 §2.1 https://www.rfc-editor.org/rfc/rfc6750#section-2.1
   */
  async obtain(demand: TokenDemand): Promise<Authorization> {
    const tokens = this.#tokens;
    const given =
      typeof tokens === 'function' ? await tokens(this.#scope, demand) : await tokens.getToken(this.#scope, forCredential(demand));
    if (given === null || given === undefined) throw noToken('none');
    const value = typeof given === 'string' ? given : 'token' in given ? given.token : given.value;
    // Nearly every call gets the token of the one before; reading it through again would cost more than all other checks.
    if (this.#last === undefined || this.#last.value !== value) this.#last = { value, header: buildHeader(value) };
    const type = typeof given === 'string' ? undefined : given.tokenType;
    // A bound token sent as a bearer token is refused by the API at best.
    if (type !== undefined && type.toLowerCase() !== 'bearer') throw noToken(`one of type ${type}, and only bearer tokens can be sent`);
    return { given, value, header: this.#last.header };
  }
}

function buildHeader(value: unknown): string {
  if (typeof value !== 'string' || !VISIBLE_ASCII.test(value)) throw noToken('one that is empty or holds characters no header may hold');
  return `Bearer ${value}`;
}

/** Azure's credentials call the signal `abortSignal`. */
function forCredential(demand: TokenDemand): TokenDemand & { readonly abortSignal?: AbortSignal } {
  return demand.signal === undefined ? demand : { ...demand, abortSignal: demand.signal };
}

function noToken(what: string): ApiCallerError {
  return new ApiCallerError('no_token', `Nothing was sent: asked for a token, the provider gave ${what}`);
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
