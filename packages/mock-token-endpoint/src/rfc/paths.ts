/** Where the RFC face is: the same paths on the public and on the mTLS listener. */

/** The path of this face's issuer, on the mock's own origin. */
export const RFC_PATH: string = '/rfc';
export const TOKEN_PATH: string = `${RFC_PATH}/token`;
export const REVOCATION_PATH: string = `${RFC_PATH}/revoke`;
export const INTROSPECTION_PATH: string = `${RFC_PATH}/introspect`;
export const KEYS_PATH: string = `${RFC_PATH}/jwks`;
/** RFC 8414 §3.1 inserts, OpenID Connect Discovery §4 appends. */
export const METADATA_PATHS: readonly string[] = [
  `/.well-known/oauth-authorization-server${RFC_PATH}`,
  `${RFC_PATH}/.well-known/openid-configuration`,
];
