/** `client_secret_basic`: the secret in an HTTP Basic header. RFC 6749 §2.3.1, RFC 7617 §2. */
import { encodeFormValue } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { requireSecret } from './client-secret.ts';

/**
 * Sends `Authorization: Basic …` and no credential in the body.
 *
 * @param options.encoding  `rfc6749` (default): id and secret are form-encoded before they are joined. `raw`: joined as they
 *   are, for servers that compare without decoding; then the id may hold no colon
 * @throws {ProtocolError} `invalid_credential`; `invalid_parameter` for another encoding
 * @see RFC 6749 §2.3.1 https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function clientSecretBasic(options: { secret: string; encoding?: 'rfc6749' | 'raw' | undefined }): ClientAuthentication {
  const { secret, encoding = 'rfc6749' } = options;
  requireSecret(secret);
  if (encoding !== 'rfc6749' && encoding !== 'raw') {
    throw new ProtocolError('invalid_parameter', `The encoding is ${quote(encoding)}; it must be "rfc6749" or "raw"`);
  }
  return {
    method: 'client_secret_basic',
    apply: async ({ clientId }) => {
      const userPass = encoding === 'raw' ? joinRaw(clientId, secret) : `${encodeFormValue(clientId)}:${encodeFormValue(secret)}`;
      return { headers: { authorization: `Basic ${Buffer.from(userPass, 'utf8').toString('base64')}` } };
    },
  };
}

/** RFC 7617 §2: the first colon ends the user id, so the id itself must have none. */
function joinRaw(clientId: string, secret: string): string {
  if (!clientId.includes(':')) return `${clientId}:${secret}`;
  throw new ProtocolError(
    'invalid_credential',
    `The client id ${quote(clientId)} holds a colon, which raw HTTP Basic cannot carry; use client_secret_post`,
  );
}
