/** Whether tokens are asked for where their issuer is. RFC 8414 §6.2. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { parseEndpoint } from '../url.ts';
import { parseIssuer } from './well-known.ts';

/**
 * Whether tokens are asked for at another origin than the issuer's. That is legal, and some large servers do it; but where the
 * metadata alone say so, whoever could alter them chose where the credential goes, so it is worth a warning. Entra's endpoints are
 * built here and not read; those of a region are on another host too.
 *
 * @throws {ProtocolError} `invalid_url` for a server whose issuer or token endpoint no request may go to
 * @see RFC 8414 §6.2 https://www.rfc-editor.org/rfc/rfc8414#section-6.2
 */
export function hasForeignTokenEndpoint(server: AuthorizationServer): boolean {
  const { issuer, tokenEndpoint, allowHttpLoopback } = server;
  const endpoint = parseEndpoint(tokenEndpoint, { name: 'The token endpoint', allowHttpLoopback });
  return endpoint.origin !== parseIssuer(issuer, { allowHttpLoopback }).origin;
}
