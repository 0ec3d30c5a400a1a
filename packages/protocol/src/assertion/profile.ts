/** The two profiles of a client assertion: Entra's and that of RFC 10070. The authority chooses; each field can be overridden on purpose. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import type { SigningAlgorithm } from '../jws/algorithm.ts';

/** How the assertion names the key that signed it. RFC 7515 §4.1.4, §4.1.7, §4.1.8. */
export type ThumbprintHeader = 'x5t#S256' | 'x5t' | 'none';

/** The fields of an assertion in which a profile decides, where the caller did not. */
export interface AssertionProfile {
  /** `aud`: always one string. */
  readonly audience: string;
  /** The header's `typ`. */
  readonly type: string;
  readonly lifetimeSeconds: number;
  readonly thumbprint: ThumbprintHeader;
}

/**
 * The profile of this authorization server.
 *
 * @throws {ProtocolError} `invalid_parameter` for a server of no known profile
 * @see RFC 10070 §4 https://www.rfc-editor.org/rfc/rfc10070#section-4
 * @see Microsoft identity platform application authentication certificate credentials
 *   https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function assertionProfile(server: AuthorizationServer, algorithm: SigningAlgorithm | 'HS256'): AssertionProfile {
  if (isEntra(server)) {
    return {
      // Entra: `aud` is the token endpoint the request goes to, not the issuer.
      audience: server.tokenEndpoint,
      // Entra: the certificate page shows `JWT`; whether it takes RFC 10070's type is not documented (2026-11).
      type: 'JWT',
      lifetimeSeconds: 300,
      // Entra: RS256 is its older form, found by the SHA-1 thumbprint; PS256 goes with SHA-256.
      thumbprint: algorithm === 'RS256' ? 'x5t' : 'x5t#S256',
    };
  }
  // RFC 10070 §4: the issuer alone, so that a server which names another's endpoint in its metadata gets no assertion for that other.
  return { audience: server.issuer, type: 'client-authentication+jwt', lifetimeSeconds: 60, thumbprint: 'x5t#S256' };
}

/**
 * The algorithms in which this server says it takes assertions; `undefined` where nothing follows from what it says.
 *
 * @throws {ProtocolError} `invalid_parameter` for a server of no known profile
 * @see RFC 8414 §2 https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function listedAlgorithms(server: AuthorizationServer): readonly string[] | undefined {
  // Entra: what its metadata lists leaves out PS256, which its pages ask for.
  return isEntra(server) ? undefined : server.clientAssertionAlgorithms;
}
