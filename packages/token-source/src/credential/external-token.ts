/** A token that another issuer signed, as the client's assertion. Entra: workload identity federation. RFC 7521 §4.2. */
import { clientAssertion, cloudFacts, decodeToken } from '@client-credentials/protocol';
import type { Authority } from '../authority/authority.ts';
import { TokenSourceError } from '../errors.ts';
import type { LoadedCredential } from './credential.ts';
import { createFingerprint } from './fingerprint.ts';

/**
 * A function from a token to the credential that it is. It goes out byte for byte.
 *
 * @throws {ProtocolError} `invalid_credential` for what is no signed JWT; from `apply`, if it has expired
 * @throws {TokenSourceError} `credential_unavailable` if it is longer than 64 KiB
 */
export function createTokenLoader(kind: string): (token: string) => LoadedCredential {
  const fingerprint = createFingerprint();
  return (token) => {
    if (typeof token === 'string' && token.length > MOST_TOKEN_CHARACTERS) {
      throw new TokenSourceError(
        'credential_unavailable',
        `The federated token has ${token.length} characters, and ${MOST_TOKEN_CHARACTERS} is the most that is sent; check where it came from`,
      );
    }
    const authentication = clientAssertion({ assertion: token });
    const { exp } = decodeToken(token).claims;
    return {
      kind,
      fingerprint: fingerprint(token),
      ...(typeof exp === 'number' && { expiresAtMs: exp * 1000 }),
      renewsItself: true,
      authentication: () => authentication,
    };
  };
}

/**
 * Whom such a token has to be made out to. Entra: each cloud has a name for the exchange; a host of no known cloud gets that of the
 * public one. Elsewhere: the issuer.
 *
 * @see Configure an application to trust a managed identity
 *   https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function exchangeAudience({ kind, cloud, issuer }: Authority): string {
  return kind === 'entra' ? cloudFacts(cloud ?? 'public').federationAudience : issuer;
}

/** More than any issuer's token; the file of one may have as many bytes. */
export const MOST_TOKEN_CHARACTERS: number = 64 * 1024;
