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

/** The rules of a profile, or `undefined` when there is none of that name. */
export function findStrictness(profile: string): Strictness | undefined {
  return PROFILES.get(profile);
}

// Ten minutes, and a second for clients that round `exp` and `iat` differently.
const LONGEST_SECONDS = 601;
const RFC: AssertionRules = {
  types: ['client-authentication+jwt'],
  audiences: 'issuer',
  needsThumbprint: false,
  longestSeconds: LONGEST_SECONDS,
  onceOnly: true,
};
// Entra: the token endpoint is an audience, `typ` is JWT, and the certificate is found by its thumbprint.
const ENTRA: AssertionRules = { ...RFC, types: ['jwt'], audiences: 'issuer or token endpoint', needsThumbprint: true };
const LENIENT: AssertionRules = {
  types: 'any',
  audiences: 'issuer or token endpoint',
  needsThumbprint: false,
  longestSeconds: 86_400,
  onceOnly: false,
};

const PROFILES: ReadonlyMap<string, Strictness> = new Map<MockProfile, Strictness>([
  ['entra', { takesUnknownClients: false, entra: ENTRA, rfc: RFC }],
  ['rfc', { takesUnknownClients: false, entra: RFC, rfc: RFC }],
  ['lenient', { takesUnknownClients: true, entra: LENIENT, rfc: LENIENT }],
]);
