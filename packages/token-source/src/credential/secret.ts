/** A client secret. RFC 6749 §2.3.1. */
import {
  type AuthorizationServer,
  type ClientAuthentication,
  chooseAuthenticationMethod,
  clientSecretBasic,
  clientSecretPost,
  requireSecret,
} from '@client-credentials/protocol';
import type { Credential } from './credential.ts';
import { createFingerprint } from './fingerprint.ts';
import { currentValue, type Value } from './value.ts';

/** How a secret travels. */
export interface SecretOptions {
  /** Default: `client_secret_post` for Entra; elsewhere `client_secret_basic`, unless the server's metadata leave it out. */
  method?: 'client_secret_post' | 'client_secret_basic' | undefined;
  /** How HTTP Basic encodes its halves. Default: `rfc6749`; `raw` for servers that do not decode them. */
  encoding?: 'rfc6749' | 'raw' | undefined;
}

/**
 * A secret, or a function that returns the present one. Prefer a certificate: a secret can be read wherever it passes.
 *
 * @throws {ProtocolError} `invalid_credential` for an empty secret or one with control characters, from `getToken` if it is a function's;
 *   from `getToken` too if the server's metadata list no method for a secret
 * @see RFC 6749 §2.3.1 https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function secret(value: Value<string>, options: SecretOptions = {}): Credential {
  if (typeof value !== 'function') requireSecret(value);
  const fingerprint = createFingerprint();
  return {
    kind: 'secret',
    async load() {
      const text = await currentValue(value, 'client secret');
      requireSecret(text);
      return { kind: 'secret', fingerprint: fingerprint(text), authentication: (server) => authenticationWith(text, options, server) };
    },
  };
}

function authenticationWith(text: string, options: SecretOptions, server: AuthorizationServer): ClientAuthentication {
  const method = chooseAuthenticationMethod({ server, usable: ['client_secret_basic', 'client_secret_post'], configured: options.method });
  return method === 'client_secret_post'
    ? clientSecretPost({ secret: text })
    : clientSecretBasic({ secret: text, encoding: options.encoding });
}
