/** `private_key_jwt`: a signed client assertion as a field of the body. RFC 7521 §4.2, RFC 7523 §2.2. */
import { requireTimes } from '../assertion/claims.ts';
import { type AssertionKey, type AssertionOverrides, assertionSigner, buildClientAssertion } from '../assertion/client-assertion.ts';
import type { ClientAuthentication } from './client-authentication.ts';

/** The `client_assertion_type` of a JWT. @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2 */
const JWT_BEARER_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Signs a new assertion for every request, in the authority's profile unless overridden.
 *
 * @throws {ProtocolError} `unsupported_algorithm`, `invalid_parameter`; from `apply`, as `buildClientAssertion` does
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function privateKeyJwt(options: AssertionKey & AssertionOverrides): ClientAuthentication {
  // Now, so that what cannot work is known before a server is asked for anything.
  assertionSigner(options);
  requireTimes(options);
  return {
    method: 'private_key_jwt',
    apply: async ({ server, clientId, nowMs, uniqueId }) => ({
      fields: {
        // RFC 7521 §4.2: `client_id` is optional beside an assertion, but must name the same client.
        client_id: clientId,
        client_assertion_type: JWT_BEARER_ASSERTION,
        client_assertion: await buildClientAssertion({ ...options, server, clientId, nowMs, uniqueId }),
      },
    }),
  };
}
