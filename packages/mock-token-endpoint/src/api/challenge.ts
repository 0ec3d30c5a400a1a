/** What a 401 of the API asks for: one challenge for each scheme, in one header. RFC 6750 §3, RFC 9449 §7.1; Entra: claims challenges. */
import { ASYMMETRIC_ALGORITHMS } from '../checks/signature.ts';
import type { Services } from '../services.ts';

/** How a token can be sent. `mtls_pop` is Entra's, for one that is bound to the certificate of the connection. */
export type TokenScheme = 'Bearer' | 'DPoP' | 'mtls_pop';

/** What is wrong with the token that was sent, said in the scheme it was sent with. */
export interface Challenge {
  readonly scheme: TokenScheme;
  readonly error: 'invalid_token' | 'insufficient_claims' | 'invalid_dpop_proof' | 'use_dpop_nonce';
  /** ASCII without `"` and `\`: it goes into a quoted string as it is. */
  readonly description: string;
  /** base64 of the claims request that a new token must be asked for with. */
  readonly claims?: string;
}

/** The value of `WWW-Authenticate`. RFC 6750 §3.1: nothing is wrong with a request that sent no token, so it has no error. */
export function challengeHeader(challenge: Challenge | undefined, { authorityHost }: Pick<Services, 'authorityHost'>): string {
  const schemes: Readonly<Record<TokenScheme, AuthParameters>> = {
    // Entra: the realm is empty, and the authority is named, which a client must not trust.
    Bearer: { realm: '', authorization_uri: `${authorityHost}/common/oauth2/authorize` },
    DPoP: { algs: ASYMMETRIC_ALGORITHMS.join(' ') },
    mtls_pop: { realm: '' },
  };
  return Object.entries(schemes)
    .map(([scheme, parameters]) => writeChallenge(scheme, { ...parameters, ...(scheme === challenge?.scheme ? errorOf(challenge) : {}) }))
    .join(', ');
}

type AuthParameters = Readonly<Record<string, string>>;

function errorOf({ error, description, claims }: Challenge): AuthParameters {
  return { error, error_description: description, ...(claims === undefined ? {} : { claims }) };
}

function writeChallenge(scheme: string, parameters: AuthParameters): string {
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return `${scheme} ${written.join(', ')}`;
}
