/** Which way of client authentication to use, where a credential can be sent in several. RFC 6749 §2.3.1, RFC 8414 §2. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';
import { quoteUrl } from '../url.ts';

/**
 * The configured method; else the first of the usable ones that the server published; else, where it published none, the one its
 * profile prefers: `client_secret_post` for Entra, `client_secret_basic` elsewhere.
 *
 * @param options.usable  the methods that can carry the credential, the preferred one first, by their registered names
 * @param options.configured  the caller's choice, which the server's metadata do not overrule
 * @throws {ProtocolError} `invalid_parameter` if the configured method is not usable, or for a server of no known profile;
 *   `invalid_credential` if no usable one is known to the server
 * @see RFC 8414 §2 https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function chooseAuthenticationMethod<M extends string>(options: {
  server: Pick<AuthorizationServer, 'profile' | 'issuer' | 'clientAuthenticationMethods'>;
  usable: readonly M[];
  configured?: M | undefined;
}): M {
  const { server, usable, configured } = options;
  if (configured !== undefined) {
    if (usable.includes(configured)) return configured;
    throw new ProtocolError('invalid_parameter', `The method is ${quote(configured)}; this credential can use ${usable.join(', ')}`);
  }
  const published = server.clientAuthenticationMethods;
  const method =
    published === undefined
      ? (usable.find((candidate) => candidate === preferredMethod(server)) ?? usable[0])
      : usable.find((candidate) => published.includes(candidate));
  if (method !== undefined) return method;
  throw new ProtocolError(
    'invalid_credential',
    `The server ${quoteUrl(server.issuer)} takes ${quote(published?.join(', '))}, and this credential can use ${quote(usable.join(', '))}; use another credential, or configure the method`,
  );
}

// Entra: its pages show the secret in the body. RFC 6749 §2.3.1 prefers HTTP Basic, and RFC 8414 §2 takes it for granted.
function preferredMethod(server: Pick<AuthorizationServer, 'profile'>): string {
  return isEntra(server) ? 'client_secret_post' : 'client_secret_basic';
}
