/** An access token as the client holds it: opaque, frozen, and mute to `inspect`, JSON, spread and structured clones. RFC 6749 §1.4. */

/** The same object is handed to every caller. */
export interface AccessToken {
  /** The token itself, for an `Authorization` header. A getter, so that nothing prints or copies it by accident. */
  readonly value: string;
  readonly tokenType: 'Bearer';
  /** Epoch milliseconds, counted from before the request was sent. */
  readonly expiresAtMs: number;
  /** When the server would have it renewed, epoch milliseconds. Entra's `refresh_in`. */
  readonly refreshAtMs?: number;
  /** When the request was sent, epoch milliseconds. */
  readonly receivedAtMs: number;
  /** What was granted; what was asked for where the server did not say. RFC 6749 §3.3. */
  readonly scopes: readonly string[];
  /** Whether something asked for was not granted. */
  readonly narrowed: boolean;
}

/** An access token of these properties. */
export function createAccessToken(value: string, properties: Omit<AccessToken, 'value'>): AccessToken {
  return new OpaqueAccessToken(value, properties);
}

class OpaqueAccessToken implements AccessToken {
  readonly #value: string;
  declare readonly tokenType: 'Bearer';
  declare readonly expiresAtMs: number;
  declare readonly refreshAtMs?: number;
  declare readonly receivedAtMs: number;
  declare readonly scopes: readonly string[];
  declare readonly narrowed: boolean;

  constructor(value: string, properties: Omit<AccessToken, 'value'>) {
    this.#value = value;
    Object.freeze(Object.assign(this, properties));
  }

  get value(): string {
    return this.#value;
  }
}
