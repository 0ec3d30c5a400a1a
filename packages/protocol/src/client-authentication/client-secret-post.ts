/** `client_secret_post`: the secret as a field of the body. RFC 6749 §2.3.1. */
import type { ClientAuthentication } from './client-authentication.ts';
import { requireSecret } from './client-secret.ts';

/**
 * Sends `client_id` and `client_secret` in the body. Entra's documented way; elsewhere for servers that cannot read HTTP Basic.
 *
 * @throws {ProtocolError} `invalid_credential` for an empty secret or one with control characters
 * @see RFC 6749 §2.3.1 https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function clientSecretPost(options: { secret: string }): ClientAuthentication {
  const { secret } = options;
  requireSecret(secret);
  return {
    method: 'client_secret_post',
    apply: async ({ clientId }) => ({ fields: { client_id: clientId, client_secret: secret } }),
  };
}
