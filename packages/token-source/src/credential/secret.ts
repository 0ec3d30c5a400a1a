/** A client secret. RFC 6749 §2.3.1, OpenID Connect Core §9. */
import {
  type AuthorizationServer,
  type ClientAuthentication,
  chooseAuthenticationMethod,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  requireSecret,
} from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Credential, LoadedCredential } from './credential.ts';
import { createFingerprint } from './fingerprint.ts';
import { type OptionTypes, requireKnownOptions } from './known-options.ts';
import { currentValue, type Value } from './value.ts';

/** How a secret travels, or what it signs. */
export interface SecretOptions {
  /**
   * Default: `client_secret_post` for Entra; elsewhere `client_secret_basic`, unless the server's metadata leave it out.
   * `client_secret_jwt`, by which it stays unsent, is never chosen by itself: it takes a long secret, and a server set up for it.
   */
  method?: 'client_secret_post' | 'client_secret_basic' | 'client_secret_jwt' | undefined;
  /** How HTTP Basic encodes its halves. Default: `rfc6749`; `raw` for servers that do not decode them. */
  encoding?: 'rfc6749' | 'raw' | undefined;
}

/**
 * A secret, or a function that returns the present one and is asked for every request. Prefer a certificate: a secret can be read
 * wherever it passes.
 *
 * @throws {TokenSourceError} `invalid_configuration`
 * @throws {ProtocolError} `invalid_credential` for an empty secret or one with control characters, `weak_key` for a short one with
 *   `client_secret_jwt`: from `getToken` if it is a function's; from `getToken` too if the server's metadata list no method for a secret
 * @see RFC 6749 §2.3.1 https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
export function secret(value: Value<string>, options: SecretOptions = {}): Credential {
  const { method, encoding } = readOptions(options);
  const fingerprint = createFingerprint();
  const loaded = (text: string): LoadedCredential => {
    requireUsable(text, method);
    return {
      kind: 'secret',
      fingerprint: fingerprint(text),
      authentication: (server) => authenticationWith(text, { method, encoding, server }),
    };
  };
  if (typeof value !== 'function') {
    const always = loaded(value);
    return { kind: 'secret', load: () => always };
  }
  return { kind: 'secret', load: async ({ signal }) => loaded(await currentValue(value, { name: 'client secret', signal })) };
}

function requireUsable(text: string, method: SecretOptions['method']): void {
  if (method === 'client_secret_jwt') clientSecretJwt({ secret: text });
  else requireSecret(text);
}

function authenticationWith(
  secret: string,
  { method: configured, encoding, server }: SecretOptions & { readonly server: AuthorizationServer },
): ClientAuthentication {
  if (configured === 'client_secret_jwt') return clientSecretJwt({ secret });
  const method = chooseAuthenticationMethod({ server, usable: ['client_secret_basic', 'client_secret_post'], configured });
  return method === 'client_secret_post' ? clientSecretPost({ secret }) : clientSecretBasic({ secret, encoding });
}

function readOptions(options: SecretOptions): SecretOptions {
  requireKnownOptions(options, { of: 'secret', types: OPTION_TYPES });
  const { method, encoding } = options;
  if (method !== undefined && !METHODS.has(method)) throw invalid(`The method "${method}" is none; give ${[...METHODS].join(', ')}`);
  if (encoding !== undefined && !ENCODINGS.has(encoding)) {
    throw invalid(`The encoding "${encoding}" is none; give ${[...ENCODINGS].join(' or ')}`);
  }
  if (encoding !== undefined && (method ?? 'client_secret_basic') !== 'client_secret_basic') {
    throw invalid(`The encoding is that of client_secret_basic, and would have no effect on ${method}; leave it out`);
  }
  return { method, encoding };
}

function invalid(message: string): TokenSourceError {
  return new TokenSourceError('invalid_configuration', message);
}

const METHODS: ReadonlySet<string> = new Set(['client_secret_post', 'client_secret_basic', 'client_secret_jwt']);
const ENCODINGS: ReadonlySet<string> = new Set(['rfc6749', 'raw']);
const OPTION_TYPES: OptionTypes<SecretOptions> = { method: ['string'], encoding: ['string'] };
