/** Which of a server's URLs a request goes to: with the client's certificate on the connection, its alias. RFC 8705 §5. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import { ProtocolError } from '../errors.ts';
import { quoteUrl } from '../url.ts';
import type { ClientAuthentication } from './client-authentication.ts';

/** An endpoint at which a client authenticates. */
export type AuthenticatedEndpoint = 'token' | 'revocation' | 'introspection';

/**
 * The URL of this endpoint for a client of this authentication: with the client's certificate on the connection the alias, where
 * there is one. Whether a credential may go there is for `buildAuthenticatedRequest` to check.
 *
 * @throws {ProtocolError} `invalid_url` if the server has no such endpoint; `invalid_parameter` if it has no known profile
 * @see RFC 8705 §5 https://www.rfc-editor.org/rfc/rfc8705#section-5
 */
export function endpointFor(
  endpoint: AuthenticatedEndpoint,
  { server, authentication }: { server: AuthorizationServer; authentication: Pick<ClientAuthentication, 'mutualTls'> },
): string {
  const { plain, alias } = MEMBERS[endpoint];
  const isMutualTls = authentication.mutualTls === true;
  // Entra: its ordinary hosts ask for no certificate, and would answer as if none had been there.
  const member = isMutualTls && (server[alias] !== undefined || isEntra(server)) ? alias : plain;
  const url = server[member];
  if (url !== undefined) return url;
  const remedy = isEntra(server) && endpoint !== 'token' ? `Entra has no ${endpoint} endpoint` : 'give the server one';
  throw new ProtocolError('invalid_url', `No ${member} of ${quoteUrl(server.issuer)} is known; ${remedy}`);
}

const MEMBERS = {
  token: { plain: 'tokenEndpoint', alias: 'mtlsTokenEndpoint' },
  revocation: { plain: 'revocationEndpoint', alias: 'mtlsRevocationEndpoint' },
  introspection: { plain: 'introspectionEndpoint', alias: 'mtlsIntrospectionEndpoint' },
} as const satisfies Readonly<Record<AuthenticatedEndpoint, unknown>>;
