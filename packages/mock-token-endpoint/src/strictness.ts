/** How strictly clients are judged: one profile for the whole mock, with its rules for client assertions at each face. */

/**
 * - `entra`: each face judges as its own kind of server does, and where Entra's behaviour is undocumented as the stricter one would.
 * - `rfc`: both faces hold assertions to RFC 10070, with none of Entra's departures.
 * - `lenient`: both faces take what deployed clients send: assertions used twice, without a thumbprint or a type of their own, and any client id.
 */
export type MockProfile = 'entra' | 'rfc' | 'lenient';

/** What a client assertion must be like at one face. */
export interface AssertionRules {
  /** The values of `typ` that are taken, lower-case; an absent one always is. */
  readonly types: readonly string[] | 'any';
  /** What `aud` may name. RFC 10070 §4 takes the issuer alone. */
  readonly audiences: 'issuer' | 'issuer or token endpoint';
  /** Whether the header must name the certificate; otherwise every registered one is tried. */
  readonly needsThumbprint: boolean;
  /** From `iat` (or `nbf`) to `exp`. */
  readonly longestSeconds: number;
  /** Whether a `jti` is taken once only. */
  readonly onceOnly: boolean;
}

export interface Strictness {
  /** Whether a client id nobody registered has the mock's own credentials. */
  readonly takesUnknownClients: boolean;
  readonly entra: AssertionRules;
  readonly rfc: AssertionRules;
}

// Ten minutes, and a second for clients that round `exp` and `iat` differently.
const TEN_MINUTES = 601;
// RFC 10070 §4: the issuer is the audience, and the type is its own. Any key the client registered will do.
const RFC: AssertionRules = {
  types: ['client-authentication+jwt'],
  audiences: 'issuer',
  needsThumbprint: false,
  longestSeconds: TEN_MINUTES,
  onceOnly: true,
};
// Entra: the token endpoint is an audience too, the type is that of any JWT, and the certificate is found by its thumbprint. That a `jti`
// is taken once is documented nowhere; the stricter of two possible servers is the better test.
const ENTRA: AssertionRules = {
  types: ['jwt', 'http://openid.net/specs/jwt/1.0'],
  audiences: 'issuer or token endpoint',
  needsThumbprint: true,
  longestSeconds: TEN_MINUTES,
  onceOnly: true,
};
// What unmodified clients have been seen to send: one assertion for as long as it lives, and headers of every kind.
const LENIENT: AssertionRules = {
  types: 'any',
  audiences: 'issuer or token endpoint',
  needsThumbprint: false,
  longestSeconds: 86_400,
  onceOnly: false,
};

/** What each profile means. None of them takes a key that is not registered. */
export const PROFILES: Readonly<Record<MockProfile, Strictness>> = {
  entra: { takesUnknownClients: false, entra: ENTRA, rfc: RFC },
  rfc: { takesUnknownClients: false, entra: RFC, rfc: RFC },
  lenient: { takesUnknownClients: true, entra: LENIENT, rfc: LENIENT },
};
