/** Asking for a token that is bound to a key: what each type of token wants of its request. RFC 9449 §5, and Entra's `mtls_pop`. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import type { ClientAuthentication } from '../client-authentication/client-authentication.ts';
import { requireDpopProof } from '../dpop/given-proof.ts';
import { ProtocolError, quote } from '../errors.ts';

/** `dpop`: bound to a DPoP key. `mtls_pop`: Entra's token bound to a TLS certificate. Without one a Bearer token is asked for. */
export type RequestedTokenType = 'dpop' | 'mtls_pop';

/**
 * Throws unless the server's profile knows this type of token.
 *
 * @throws {ProtocolError} `invalid_parameter`
 * @see RFC 9449 §5 https://www.rfc-editor.org/rfc/rfc9449#section-5
 */
export function requireTokenType(tokenType: RequestedTokenType | undefined, server: Pick<AuthorizationServer, 'profile'>): void {
  // Entra: it has no DPoP for daemons; elsewhere a certificate-bound token (RFC 8705 §3) is a Bearer token by name.
  const known: RequestedTokenType = isEntra(server) ? 'mtls_pop' : 'dpop';
  if (tokenType === undefined || tokenType === known) return;
  throw new ProtocolError('invalid_parameter', `The token type is ${quote(tokenType)}; beside Bearer this server knows "${known}" alone`);
}

/**
 * Throws unless the request carries what binds a token of this type, and no other.
 *
 * @throws {ProtocolError} `invalid_parameter`; for a proof also `unsupported_algorithm` and `invalid_credential`
 * @see RFC 9449 §5 https://www.rfc-editor.org/rfc/rfc9449#section-5
 */
export function requireBinding(request: {
  readonly tokenType?: RequestedTokenType | undefined;
  readonly dpopProof?: string | undefined;
  readonly authentication: ClientAuthentication;
  readonly server: Pick<AuthorizationServer, 'profile' | 'dpopAlgorithms'>;
  readonly url: string;
}): void {
  const { tokenType, dpopProof, authentication, server, url } = request;
  if ((tokenType === 'dpop') !== (dpopProof !== undefined)) {
    throw new ProtocolError('invalid_parameter', 'A DPoP token wants both the tokenType "dpop" and a dpopProof; give both or neither');
  }
  if (dpopProof !== undefined) requireDpopProof(dpopProof, { method: 'POST', url, algorithms: server.dpopAlgorithms });
  const isByCertificateAlone = authentication.mutualTls === true && TLS_METHODS.has(authentication.method);
  // Entra: the certificate of the connection authenticates the client too, and an assertion beside it is left out.
  if (tokenType === 'mtls_pop' && !isByCertificateAlone) {
    throw new ProtocolError(
      'invalid_parameter',
      `An mtls_pop token is asked for with the connection's certificate alone, and the authentication is ${quote(authentication.method)}; use tlsClientAuth()`,
    );
  }
  // Entra: it documents the certificate alone for these tokens only.
  if (tokenType !== 'mtls_pop' && isByCertificateAlone && isEntra(server)) {
    throw new ProtocolError(
      'invalid_parameter',
      'Entra takes the connection\'s certificate alone for mtls_pop tokens only; ask for the tokenType "mtls_pop", or send an assertion beside the certificate: { ...privateKeyJwt(…), mutualTls: true }',
    );
  }
}

const TLS_METHODS: ReadonlySet<string> = new Set(['tls_client_auth', 'self_signed_tls_client_auth']);
