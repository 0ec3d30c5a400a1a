/** `tls_client_auth`: a certificate that a CA issued, shown on the connection. RFC 8705 §2.1. */
import type { ClientAuthentication } from './client-authentication.ts';

/**
 * Sends `client_id` alone. The client proves itself by the certificate of the TLS connection, which is up to whatever sends the
 * request; it goes to the server's mTLS alias, where there is one.
 *
 * @see RFC 8705 §2 https://www.rfc-editor.org/rfc/rfc8705#section-2
 */
export function tlsClientAuth(): ClientAuthentication {
  return {
    method: 'tls_client_auth',
    mutualTls: true,
    // RFC 8705 §2: it tells the server whose certificate to expect.
    apply: async ({ clientId }) => ({ fields: { client_id: clientId } }),
  };
}
