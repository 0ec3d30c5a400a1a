/** What an access token of Entra says of itself, for people: support, tests, a command line. Nothing is verified. */
import { decodeToken } from '../jws/compact.ts';

/** Each fact as the token states it; one that it does not state, or not in the form expected, is absent. */
export interface TokenFacts {
  /** Whether an application acts for itself or for a user (`idtyp`). Absent unless the API's registration asks for that claim. */
  readonly kind?: 'app' | 'user';
  /** The application permissions granted. An app-only token may come without any. */
  readonly roles?: readonly string[];
  /** The delegated permissions (`scp`), which only a user's token has. */
  readonly scopes?: readonly string[];
  readonly tenant?: string;
  /** The application that holds the token: `azp`, in version 1.0 `appid`. */
  readonly clientId?: string;
  /** The principal. A resource that finds a client id here must not take it for a user: it asks for the kind. RFC 9700 §4.15. */
  readonly subject?: string;
  /** `1.0` or `2.0`: the API's registration chooses, not the endpoint. */
  readonly version?: string;
  /** The API: its client id, in version 1.0 perhaps its URI. */
  readonly audiences?: readonly string[];
  readonly issuer?: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs?: number;
  /** How the application authenticated: `azpacr`, in version 1.0 `appidacr`. */
  readonly clientAuthentication?: 'public' | 'secret' | 'certificate';
  /** The key it is bound to (`cnf`): `jkt` names a DPoP key, `x5t#S256` a certificate. RFC 7800 §3.1. */
  readonly confirmation?: Readonly<Record<string, unknown>>;
}

/**
 * The facts in this token, **for diagnosis only**: they are unverified, and an access token is opaque to the client that carries
 * it. Nothing is inferred from another claim.
 *
 * @throws {ProtocolError} `invalid_parameter` if the text is no JWT; never for what its claims hold
 * @see Access token claims reference https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function explainToken(jwt: string): TokenFacts {
  const { claims } = decodeToken(jwt);
  const { idtyp, exp, cnf } = claims;
  const authentication = text(claims['azpacr']) ?? text(claims['appidacr']);
  const facts: { readonly [Fact in keyof Required<TokenFacts>]: TokenFacts[Fact] | undefined } = {
    kind: idtyp === 'app' || idtyp === 'user' ? idtyp : undefined,
    roles: texts(claims['roles']),
    scopes: text(claims['scp'])?.split(' '),
    tenant: text(claims['tid']),
    clientId: text(claims['azp']) ?? text(claims['appid']),
    subject: text(claims['sub']),
    version: text(claims['ver']),
    audiences: texts([claims['aud']].flat()),
    issuer: text(claims['iss']),
    expiresAtMs: typeof exp === 'number' && Math.abs(exp) <= LARGEST_EPOCH_SECONDS ? exp * 1000 : undefined,
    clientAuthentication: CLIENT_AUTHENTICATION.get(authentication),
    confirmation: typeof cnf === 'object' && cnf !== null && !Array.isArray(cnf) ? (cnf as Record<string, unknown>) : undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** A list of nothing but texts. */
function texts(claim: unknown): readonly string[] | undefined {
  return Array.isArray(claim) && claim.every((item) => text(item) !== undefined) ? claim : undefined;
}

/** As far as a `Date` reaches. */
const LARGEST_EPOCH_SECONDS = 8.64e12;
const CLIENT_AUTHENTICATION: ReadonlyMap<unknown, TokenFacts['clientAuthentication']> = new Map([
  ['0', 'public'],
  ['1', 'secret'],
  ['2', 'certificate'],
]);
