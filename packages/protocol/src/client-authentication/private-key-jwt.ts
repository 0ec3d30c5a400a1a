/** `private_key_jwt`: an assertion signed with the client's private key. RFC 7523 §2.2, OpenID Connect Core §9. */
import { requireTimes } from '../assertion/claims.ts';
import { type AssertionKey, type AssertionOverrides, assertionSigner, buildClientAssertion } from '../assertion/client-assertion.ts';
import { assertionFields } from '../assertion/fields.ts';
import type { ClientAuthentication } from './client-authentication.ts';

/**
 * Signs a new assertion for every request, in the authority's profile unless overridden. For a client that also presents its
 * certificate on the connection, so that the token is bound to it: `{ ...privateKeyJwt(…), mutualTls: true }`.
 *
 * @throws {ProtocolError} `invalid_credential`, `invalid_certificate`, `unsupported_algorithm`, `invalid_parameter`; from `apply`,
 *   as `buildClientAssertion` does
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function privateKeyJwt(options: AssertionKey & AssertionOverrides): ClientAuthentication {
  // Now, so that what cannot work is known before a server is asked for anything.
  assertionSigner(options);
  requireTimes(options);
  return {
    method: 'private_key_jwt',
    apply: async ({ server, clientId, nowMs, uniqueId }) => ({
      fields: assertionFields(clientId, await buildClientAssertion({ ...options, server, clientId, nowMs, uniqueId })),
    }),
  };
}
