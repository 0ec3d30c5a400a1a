/** The client secret. RFC 6749 §2.3.1 and Appendix A.2. */
import { ProtocolError } from '../errors.ts';

/**
 * Throws if the secret is empty, holds a control character, which is nearly always the line break of the file it was read
 * from, or half a surrogate pair, which UTF-8 cannot carry. The message never shows the secret.
 *
 * @throws {ProtocolError} `invalid_credential`
 * @see RFC 6749 Appendix A.2 https://www.rfc-editor.org/rfc/rfc6749#appendix-A.2
 */
export function requireSecret(secret: string): void {
  if (typeof secret !== 'string' || secret === '') {
    throw new ProtocolError('invalid_credential', 'The client secret is empty; give the secret value that the authorization server issued');
  }
  if (CONTROL.test(secret)) {
    throw new ProtocolError(
      'invalid_credential',
      'The client secret holds a control character, perhaps the line break of its file; trim it',
    );
  }
  if (!secret.isWellFormed()) {
    throw new ProtocolError('invalid_credential', 'The client secret holds half a surrogate pair; check where the text was cut');
  }
}

const CONTROL = /\p{Cc}/u;
