/** The key a sender-constrained token is bound to, as far as whoever spends the token needs it. RFC 9449 §6, RFC 8705 §3. */

/** How to show, with each request, that the token is in the right hands. */
export interface TokenBinding {
  /** DPoP: the key's `jkt` (RFC 7638). TLS: the certificate's `x5t#S256`. */
  readonly thumbprint: string;
  /** DPoP: a new proof for one request, with the hash of this token in it. RFC 9449 §4.2. */
  proof?(request: { method: string; url: string; nonce?: string }): Promise<string>;
  /** TLS: what the connection to the API presents. */
  readonly tls?: { readonly cert: string; readonly key: unknown };
}
