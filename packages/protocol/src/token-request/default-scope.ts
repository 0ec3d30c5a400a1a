/** Entra's scope rule for daemons: one resource and `/.default`, since permissions were granted beforehand. */
import { ProtocolError, quote } from '../errors.ts';

/**
 * Throws unless the scope is exactly one `{resource}/.default`. The resource stands as it was registered: one that ends in a
 * slash gives `//.default`.
 *
 * @throws {ProtocolError} `invalid_scope`, with the form to use
 * @see Microsoft identity platform and the OAuth 2.0 client credentials flow
 *   https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function requireDefaultScope(scopes: readonly string[]): void {
  const [scope, ...others] = scopes;
  if (scope === undefined) {
    throw new ProtocolError(
      'invalid_scope',
      'Entra wants a scope; give the API as "{resource}/.default", such as "https://graph.microsoft.com/.default"',
    );
  }
  if (others.length > 0) {
    throw new ProtocolError(
      'invalid_scope',
      `Entra gives a daemon one resource per token, and the scopes are ${quote(scopes.join(' '))}; ask for one "{resource}/.default" at a time`,
    );
  }
  if (!scope.endsWith('/.default') || scope === '/.default') {
    throw new ProtocolError(
      'invalid_scope',
      `Entra gives a daemon the permissions an administrator granted, and the scope is ${quote(scope)}; ask for "{resource}/.default", such as "https://graph.microsoft.com/.default"`,
    );
  }
}
