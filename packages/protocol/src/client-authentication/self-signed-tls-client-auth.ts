/** `self_signed_tls_client_auth`: a certificate that the client registered itself, shown on the connection. RFC 8705 §2.2. */
import type { ClientAuthentication } from './client-authentication.ts';
import { tlsClientAuth } from './tls-client-auth.ts';

/**
 * As `tlsClientAuth`, for a server that knows the certificate itself rather than its issuer and subject.
 *
 * @see RFC 8705 §2.2 https://www.rfc-editor.org/rfc/rfc8705#section-2.2
 */
export function selfSignedTlsClientAuth(): ClientAuthentication {
  return { ...tlsClientAuth(), method: 'self_signed_tls_client_auth' };
}
