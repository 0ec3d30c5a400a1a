/** A federated credential: a function gives a token that another issuer signed. Entra: workload identity federation. RFC 7521 §4.2. */
import { type MaybePromise, ProtocolError } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Credential, CredentialContext } from './credential.ts';
import { createTokenLoader, exchangeAudience } from './external-token.ts';

/** What a function that gives federated tokens is told. */
export interface FederatedTokenContext {
  /** Entra: the tenant that is asked for a token. */
  readonly tenant?: string;
  /** The `aud` that the token must have: Entra's for the exchange in this cloud, elsewhere the issuer. */
  readonly audience: string;
  /** Aborts when the token is not waited for any more. */
  readonly signal: AbortSignal;
}

/**
 * The token that this function returns, asked for before every attempt and sent byte for byte. Entra accepts what one of the
 * application's federated credentials names by issuer, subject and audience; `RS256` is the only algorithm that Microsoft tests.
 *
 * An error of the function counts as passing, since it mostly asks somebody; the source's attempts try again. To say otherwise it
 * throws a `TokenSourceError` or `ProtocolError`, which are passed on as they are.
 *
 * @throws {TokenSourceError} `invalid_configuration`; from `getToken` `credential_unavailable`, with the function's error as its cause
 * @throws {ProtocolError} `invalid_credential`, from `getToken`, for what is no signed JWT or has expired
 * @see Workload identity federation https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export function federatedToken(token: (context: FederatedTokenContext) => MaybePromise<string>): Credential {
  if (typeof token !== 'function') {
    throw new TokenSourceError('invalid_configuration', 'federatedToken was given no function; give one that returns the present token');
  }
  const loadToken = createTokenLoader(KIND);
  return { kind: KIND, load: async (context) => loadToken(await askFor(token, context)) };
}

async function askFor(token: Parameters<typeof federatedToken>[0], { authority, signal }: CredentialContext): Promise<string> {
  const { tenant } = authority;
  const context = { ...(tenant !== undefined && { tenant }), audience: exchangeAudience(authority), signal };
  try {
    return await untilAborted(() => token(context), signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof TokenSourceError || cause instanceof ProtocolError) throw cause;
    const message = 'The federated token could not be had: the function that gives it failed';
    throw new TokenSourceError('credential_unavailable', message, { transient: true, cause });
  }
}

const KIND = 'federatedToken';
