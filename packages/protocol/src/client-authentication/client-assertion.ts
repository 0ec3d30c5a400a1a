/** A client assertion made elsewhere, as Entra's workload identity federation has it: passed on as it came. RFC 7521 §4.2, RFC 7523 §3. */
import { assertionFields } from '../assertion/fields.ts';
import { ProtocolError } from '../errors.ts';
import { type DecodedToken, decodeToken } from '../jws/compact.ts';
import { numericDate } from '../jws/registered-claims.ts';
import type { ClientAuthentication } from './client-authentication.ts';

/**
 * Sends this assertion, byte for byte. Whether it is right is for the server to say; what no server could take is refused here:
 * what is no signed JWT, and one that has expired. An encrypted JWT is no such JWT.
 *
 * @throws {ProtocolError} `invalid_credential`; from `apply`, if the assertion has expired
 * @see RFC 7521 §4.2 https://www.rfc-editor.org/rfc/rfc7521#section-4.2
 */
export function clientAssertion(options: { assertion: string }): ClientAuthentication {
  const { assertion } = options;
  const { exp } = readAssertion(assertion).claims;
  return {
    method: 'private_key_jwt',
    apply: async ({ clientId, nowMs }) => {
      requireUnexpired(exp, nowMs);
      return { fields: assertionFields(clientId, assertion) };
    },
  };
}

function readAssertion(assertion: string): DecodedToken {
  if (/\s/.test(assertion)) {
    throw new ProtocolError('invalid_credential', 'The client assertion holds white space, perhaps the line break of its file; trim it');
  }
  try {
    const decoded = decodeToken(assertion);
    if (!assertion.endsWith('.') && decoded.header['alg'] !== 'none') return decoded;
  } catch {
    // Fall through: it is no JWT at all, and what is wrong with it could only be shown by showing it.
  }
  throw new ProtocolError(
    'invalid_credential',
    'The client assertion is no signed JWT: three parts of base64url, JSON objects in the first two, a signature in the last; check where it came from',
  );
}

/** RFC 7519 §4.1.4: at `exp` it is over. Some issuers write times as texts; then the server is the one to judge. */
function requireUnexpired(exp: unknown, nowMs: number): void {
  if (typeof exp !== 'number' || exp > numericDate(nowMs)) return;
  const expiredAt = new Date(Math.max(exp, 0) * 1000).toISOString();
  throw new ProtocolError(
    'invalid_credential',
    `The client assertion expired at ${expiredAt}; get a new one for every request, and check this clock if it is new`,
  );
}
