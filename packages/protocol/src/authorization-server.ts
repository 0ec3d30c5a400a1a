/** The authorization server as plain data: where its requests go, and which profile of the rules applies. */

import { ProtocolError, quote } from './errors.ts';

/**
 * Where a request goes and which rules apply. `entraServer` builds one, `readMetadata` reads one, a caller may write one. What
 * the server did not publish is absent.
 */
export interface AuthorizationServer {
  /** `entra`: Microsoft Entra ID's rules of scope and assertion. `rfc`: those of RFC 6749 and RFC 10070. */
  readonly profile: 'entra' | 'rfc';
  /** The issuer identifier, exactly as configured. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  /** The alias for clients that authenticate with TLS. RFC 8705 §5. */
  readonly mtlsTokenEndpoint?: string;
  /** Entra: the tenant's GUID or domain name. */
  readonly tenant?: string;
  /** `token_endpoint_auth_methods_supported`. RFC 8414 §2. */
  readonly clientAuthenticationMethods?: readonly string[];
  /** `token_endpoint_auth_signing_alg_values_supported`: what a client assertion may be signed with. RFC 8414 §2. */
  readonly clientAssertionAlgorithms?: readonly string[];
  /** `dpop_signing_alg_values_supported`: what a DPoP proof may be signed with. RFC 9449 §5.1. */
  readonly dpopAlgorithms?: readonly string[];
  /** RFC 7009; Entra has none. */
  readonly revocationEndpoint?: string;
  readonly mtlsRevocationEndpoint?: string;
  /** RFC 7662; Entra has none. */
  readonly introspectionEndpoint?: string;
  readonly mtlsIntrospectionEndpoint?: string;
  /** Lets `http:` through for a loopback host. */
  readonly allowHttpLoopback?: boolean;
}

/**
 * Whether Entra's rules apply to this server. Every decision between the profiles asks here.
 *
 * @throws {ProtocolError} `invalid_parameter` for a server of no known profile: a misspelt one must not fall back to laxer rules
 */
export function isEntra(server: Pick<AuthorizationServer, 'profile'>): boolean {
  const profile = server?.profile;
  if (profile === 'entra' || profile === 'rfc') return profile === 'entra';
  throw new ProtocolError('invalid_parameter', `The server's profile is ${quote(profile)}; it must be "entra" or "rfc"`);
}
