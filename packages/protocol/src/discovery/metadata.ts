/** Reads an authorization server's metadata. RFC 8414 §2, §3.2, §3.3. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';
import { type HttpResponse, isJson, parseJsonObject } from '../http-response.ts';
import { unreadableAnswer } from '../token-response/refusal.ts';
import { parseEndpoint } from '../url.ts';
import { parseIssuer } from './well-known.ts';

/**
 * The authorization server that this document describes, provided it is the one that was asked for.
 *
 * @param expected.issuer  the issuer as configured; the document's must be the same, code point by code point
 * @param expected.receivedAtMs  the clock when the answer came, for a `Retry-After` that names a date
 * @throws {ProtocolError} `issuer_mismatch`; `invalid_url` for an endpoint that no credential may go to
 * @throws {TokenResponseError} `invalid_response` if the answer is no such document
 * @see RFC 8414 §3.3 https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export function readMetadata(
  response: HttpResponse,
  expected: { issuer: string; allowHttpLoopback?: boolean | undefined; receivedAtMs?: number | undefined },
): AuthorizationServer {
  const { issuer, allowHttpLoopback, receivedAtMs = Number.NaN } = expected;
  parseIssuer(issuer, { allowHttpLoopback });
  const metadata = response.status === 200 && isJson(response.headers) ? parseJsonObject(response.body) : undefined;
  if (metadata === undefined) {
    throw unreadableAnswer(response, { from: `the issuer ${quote(issuer)}`, receivedAtMs }, 'is no metadata document (RFC 8414 §3.2)');
  }
  // RFC 8414 §3.3: otherwise nothing in the document may be used. A slash too many is another issuer.
  if (metadata['issuer'] !== issuer) {
    throw new ProtocolError(
      'issuer_mismatch',
      `The metadata names the issuer ${quote(metadata['issuer'])}, and ${quote(issuer)} is configured; configure the name the server uses, to the letter`,
    );
  }
  const methods = metadata['token_endpoint_auth_methods_supported'];
  const { token_endpoint: mtlsTokenEndpoint } = readAliases(metadata['mtls_endpoint_aliases']);
  return {
    profile: 'rfc',
    issuer,
    tokenEndpoint: readEndpoint(metadata['token_endpoint'], allowHttpLoopback),
    ...(typeof mtlsTokenEndpoint === 'string' && { mtlsTokenEndpoint: readEndpoint(mtlsTokenEndpoint, allowHttpLoopback) }),
    // RFC 8414 §2: an absent list means client_secret_basic alone.
    clientAuthenticationMethods: Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : ['client_secret_basic'],
    ...(allowHttpLoopback === true && { allowHttpLoopback }),
  };
}

function readEndpoint(endpoint: unknown, allowHttpLoopback: boolean | undefined): string {
  if (typeof endpoint !== 'string')
    throw new ProtocolError('invalid_response', 'The metadata has no token_endpoint (RFC 8414 §2); configure one');
  parseEndpoint(endpoint, { name: "The metadata's token endpoint", allowHttpLoopback });
  return endpoint;
}

/** RFC 8705 §5. */
function readAliases(aliases: unknown): Readonly<Record<string, unknown>> {
  return typeof aliases === 'object' && aliases !== null ? (aliases as Record<string, unknown>) : {};
}
