/** Reads an authorization server's metadata. RFC 8414 §2, §3.2, §3.3; RFC 8705 §5; RFC 9449 §5.1. */
import type { AuthorizationServer } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';
import { type HttpResponse, successObject } from '../http-response.ts';
import { answerError } from '../token-response/refusal.ts';
import { parseEndpoint } from '../url.ts';
import { parseIssuer } from './well-known.ts';

/**
 * The authorization server that this document describes, provided it is the one that was asked for. An optional member that has
 * not its form counts as absent. The endpoints for tokens are checked here; the others are kept as published and checked when a
 * request to one is built, so that an extension nobody uses stops no token.
 *
 * @param expected.issuer  the issuer as configured; the document's must be the same, code point by code point
 * @param expected.receivedAtMs  the clock when the answer came, for a `Retry-After` that names a date
 * @throws {ProtocolError} `issuer_mismatch`; `invalid_response` without a token endpoint; `invalid_url` for one that no credential
 *   may go to
 * @throws {TokenResponseError} `invalid_response` if the answer is no such document, or has an endpoint twice; `oauth_error` for a
 *   refusal with the status 400
 * @see RFC 8414 §3.3 https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export function readMetadata(
  response: HttpResponse,
  expected: { issuer: string; allowHttpLoopback?: boolean | undefined; receivedAtMs?: number | undefined },
): AuthorizationServer {
  const { issuer, allowHttpLoopback, receivedAtMs = Number.NaN } = expected;
  parseIssuer(issuer, { allowHttpLoopback });
  const metadata = successObject(response, DECISIVE);
  if (metadata === undefined) {
    throw answerError(response, {
      from: `the issuer ${quote(issuer)}`,
      receivedAtMs,
      why: 'is no metadata document (RFC 8414 §3.2), or one that names an endpoint twice',
      // Where nothing stands, many a server says so in an "error" of its own; only a 400 is a refusal of RFC 6749 §5.2.
      body: response.status === 400 ? undefined : {},
    });
  }
  // RFC 8414 §3.3: otherwise nothing in the document may be used. A slash too many is another issuer.
  if (metadata['issuer'] !== issuer) {
    throw new ProtocolError(
      'issuer_mismatch',
      `The metadata names the issuer ${quote(metadata['issuer'])}, and ${quote(issuer)} is configured; configure the name the server uses, to the letter`,
    );
  }
  const tokenEndpoint = text(metadata['token_endpoint']);
  if (tokenEndpoint === undefined)
    throw new ProtocolError('invalid_response', 'The metadata has no token_endpoint (RFC 8414 §2); configure one');
  const aliases = readAliases(metadata['mtls_endpoint_aliases']);
  const mtlsTokenEndpoint = text(aliases['token_endpoint']);
  for (const endpoint of [tokenEndpoint, mtlsTokenEndpoint].filter((url) => url !== undefined))
    parseEndpoint(endpoint, { name: "The metadata's token endpoint", allowHttpLoopback });
  return {
    profile: 'rfc',
    issuer,
    tokenEndpoint,
    ...present('mtlsTokenEndpoint', mtlsTokenEndpoint),
    // RFC 8414 §2: an absent list means client_secret_basic alone. An absent list of grants forbids none, so it is not read.
    clientAuthenticationMethods: texts(metadata['token_endpoint_auth_methods_supported']) ?? ['client_secret_basic'],
    ...present('clientAssertionAlgorithms', algorithms(metadata['token_endpoint_auth_signing_alg_values_supported'])),
    ...present('dpopAlgorithms', algorithms(metadata['dpop_signing_alg_values_supported'])),
    ...present('revocationEndpoint', text(metadata['revocation_endpoint'])),
    ...present('mtlsRevocationEndpoint', text(aliases['revocation_endpoint'])),
    ...present('introspectionEndpoint', text(metadata['introspection_endpoint'])),
    ...present('mtlsIntrospectionEndpoint', text(aliases['introspection_endpoint'])),
    ...(allowHttpLoopback === true && { allowHttpLoopback }),
  };
}

/** RFC 8705 §5. */
function readAliases(aliases: unknown): Readonly<Record<string, unknown>> {
  return typeof aliases === 'object' && aliases !== null ? (aliases as Record<string, unknown>) : {};
}

/** RFC 8414 §2 forbids to list `none`; RFC 9449 §5.1 knows no proof without a signature. */
function algorithms(member: unknown): readonly string[] | undefined {
  return texts(Array.isArray(member) ? member.filter((algorithm) => algorithm !== 'none') : member);
}

/** RFC 8414 §3.2: a list without elements is left out, so one that is there after all counts as absent. */
function texts(member: unknown): readonly string[] | undefined {
  const elements = Array.isArray(member) ? member.filter((element) => typeof element === 'string') : [];
  return elements.length === 0 ? undefined : elements;
}

function text(member: unknown): string | undefined {
  return typeof member === 'string' ? member : undefined;
}

function present(name: keyof AuthorizationServer, value: string | readonly string[] | undefined): Partial<AuthorizationServer> {
  return value === undefined ? {} : { [name]: value };
}

/** What says who answers, and where credentials and tokens go. */
const DECISIVE = ['issuer', 'token_endpoint', 'revocation_endpoint', 'introspection_endpoint', 'mtls_endpoint_aliases'];
