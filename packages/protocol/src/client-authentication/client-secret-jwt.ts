/** `client_secret_jwt`: an assertion with a MAC made of the client secret, which stays unsent. OpenID Connect Core §9, RFC 7518 §3.2. */
import { requireTimes } from '../assertion/claims.ts';
import { type AssertionOverrides, signAssertion } from '../assertion/client-assertion.ts';
import { assertionFields } from '../assertion/fields.ts';
import { ProtocolError } from '../errors.ts';
import { createHmacSigner } from '../jws/hmac.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { requireSecret } from './client-secret.ts';

/** What may differ from the authority's profile; a secret has no algorithm to choose and no certificate to name. */
export type SecretAssertionOverrides = Omit<AssertionOverrides, (typeof OF_KEY_PAIRS)[number]>;

/**
 * Makes a new assertion with HS256 for every request, in the authority's profile unless overridden. The key is the secret's
 * UTF-8 octets.
 *
 * @throws {ProtocolError} `weak_key` for a secret of fewer than 32 octets; `invalid_credential`, `invalid_parameter`; from
 *   `apply`, `unsupported_algorithm` if the server lists what it takes, and not HS256
 * @see OpenID Connect Core §9 https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
 */
export function clientSecretJwt(options: { secret: string } & SecretAssertionOverrides): ClientAuthentication {
  const { secret, ...overrides } = options;
  requireSecret(secret);
  requireTimes(overrides);
  const misplaced = OF_KEY_PAIRS.find((name) => (overrides as AssertionOverrides)[name] !== undefined);
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

const OF_KEY_PAIRS = ['algorithm', 'thumbprint', 'sendChain'] as const;
