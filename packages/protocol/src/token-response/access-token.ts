/** An access token as the client holds it: opaque, frozen, and mute to `inspect`, JSON, spread and structured clones. RFC 6749 §1.4. */
import type { TokenBinding } from '../token-binding.ts';

/** The same object is handed to every caller. */
export interface AccessToken {
  /** The token itself, for an `Authorization` header. A getter, so that nothing prints or copies it by accident. */
  readonly value: string;
  /** Also the scheme of the `Authorization` header. */
  readonly tokenType: TokenType;
  /** Epoch milliseconds, counted from before the request was sent. */
  readonly expiresAtMs: number;
  /** When the server would have it renewed, epoch milliseconds. Entra's `refresh_in`. */
  readonly refreshAtMs?: number;
  /**
   * How long it may serve while no new one can be had because the server is down, epoch milliseconds, where that is longer. APIs
   * need not accept it then. Entra's `ext_expires_in`.
   */
  readonly extendedExpiresAtMs?: number;
  /** When the request was sent, epoch milliseconds. */
  readonly receivedAtMs: number;
  /** What was granted; what was asked for where the server did not say. RFC 6749 §3.3. */
  readonly scopes: readonly string[];
  /** Whether something asked for was not granted. */
  readonly narrowed: boolean;
  /** A refresh token came too, which this grant does not ask for (RFC 6749 §4.4.3). It is not kept; the server gives away too much. */
  readonly refreshTokenPresent?: true;
  /** The key this token is bound to. A getter, since it may hold one. */
  readonly binding?: TokenBinding;
}

/** RFC 6750, RFC 9449, and Entra's own. */
export type TokenType = 'Bearer' | 'DPoP' | 'mtls_pop';

/** @see util.inspect.custom https://nodejs.org/api/util.html#utilinspectcustom */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** An access token of these properties. */
export function createAccessToken(value: string, { binding, ...properties }: Omit<AccessToken, 'value'>): AccessToken {
  return Object.freeze(binding === undefined ? new PlainAccessToken(value, properties) : new BoundAccessToken(value, properties, binding));
}

type Properties = Omit<AccessToken, 'value' | 'binding'>;

/** A token without what is secret: all that `inspect` shows of one. */
class OpaqueAccessToken implements Properties {
  declare readonly tokenType: TokenType;
  declare readonly expiresAtMs: number;
  declare readonly refreshAtMs?: number;
  declare readonly extendedExpiresAtMs?: number;
  declare readonly receivedAtMs: number;
  declare readonly scopes: readonly string[];
  declare readonly narrowed: boolean;
  declare readonly refreshTokenPresent?: true;

  constructor(properties: Properties) {
    Object.assign(this, properties);
  }
}

class PlainAccessToken extends OpaqueAccessToken implements AccessToken {
  readonly #value: string;

  constructor(value: string, properties: Properties) {
    super(properties);
    this.#value = value;
  }

  get value(): string {
    return this.#value;
  }

  /** With `getters` and `showHidden`, `inspect` would run the getters. */
  [INSPECT](): Properties {
    return new OpaqueAccessToken(this);
  }
}

class BoundAccessToken extends PlainAccessToken {
  readonly #binding: TokenBinding;

  constructor(value: string, properties: Properties, binding: TokenBinding) {
    super(value, properties);
    this.#binding = binding;
  }

  get binding(): TokenBinding {
    return this.#binding;
  }
}
