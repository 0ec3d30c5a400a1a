/** How a client proves who it is, as a value: one of the registered methods of `token_endpoint_auth_method`. RFC 6749 §2.3. */
import type { AuthorizationServer } from '../authorization-server.ts';

/** What a method needs to know about the request it authenticates. */
export interface AuthenticationContext {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly uniqueId: () => string;
}

/** What a method adds to the request: body fields or a header, never two ways at once (RFC 6749 §2.3). */
export interface AuthenticatedParts {
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client authentication method. */
export interface ClientAuthentication {
  /** The method's registered name, such as `private_key_jwt`. */
  readonly method: string;
  /**
   * Whether the connection presents the client's certificate: then the request goes to the server's mTLS alias, where there is
   * one (RFC 8705 §5). Presenting it is up to whatever sends the request. Any method can be combined with it, as Entra wants for
   * `mtls_pop`: `{ ...privateKeyJwt(…), mutualTls: true }`.
   */
  readonly mutualTls?: boolean;
  /** Called once for every attempt, so that every attempt has an assertion of its own. */
  apply(context: AuthenticationContext): Promise<AuthenticatedParts>;
}
