/** `client_secret_jwt`: an assertion with a MAC made of the client secret, which stays unsent. OpenID Connect Core §9, RFC 7518 §3.2. */
import { requireTimes } from '../assertion/claims.ts';
import { type AssertionOverrides, signAssertion } from '../assertion/client-assertion.ts';
import { assertionFields } from '../assertion/fields.ts';
import { ProtocolError } from '../errors.ts';
import { createHmacSigner } from '../jws/hmac.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { requireSecret } from './client-secret.ts';

/**
 * Makes a new assertion with HS256 for every request, in the authority's profile unless overridden. The key is the secret's
 * UTF-8 octets; a secret has no algorithm to choose and no certificate to name.
 *
 * @throws {ProtocolError} `weak_key` for a secret of fewer than 32 octets; `invalid_credential`, `invalid_parameter`; from
 *   `apply`, `unsupported_algorithm` if the server lists what it takes, and not HS256
 * @see OpenID Connect Core §9 https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export function clientSecretJwt(options: { secret: string } & AssertionOverrides): ClientAuthentication {
  const { secret, ...overrides } = options;
  requireSecret(secret);
  requireTimes(overrides);
  const misplaced = OF_KEY_PAIRS.find(([name, inForce]) => overrides[name] !== undefined && overrides[name] !== inForce)?.[0];
  if (misplaced !== undefined) {
    throw new ProtocolError('invalid_parameter', `client_secret_jwt has no ${misplaced}; leave it out, or use privateKeyJwt`);
  }
  const signer = createHmacSigner(Buffer.from(secret, 'utf8'));
  return {
    method: 'client_secret_jwt',
    apply: async ({ server, clientId, nowMs, uniqueId }) => ({
      fields: assertionFields(
        clientId,
        await signAssertion({ ...overrides, thumbprint: 'none', server, clientId, nowMs, uniqueId }, signer),
      ),
    }),
  };
}

/** What belongs to key pairs, and what of it is so for a secret anyway. */
const OF_KEY_PAIRS = [
  ['algorithm', 'HS256'],
  ['thumbprint', 'none'],
  ['sendChain', false],
] as const;
