/** The JWT bearer grant, as Google's service accounts use it: a token for a signed JWT, and no client authenticates. RFC 7523 §2.1. */
import type { AuthorizationServer } from '../authorization-server.ts';
import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { encodeForm } from '../encoding/form.ts';
import { ProtocolError, quote } from '../errors.ts';
import { signCompact } from '../jws/compact.ts';
import { addClaims, requireText } from '../jws/members.ts';
import { jwtId, numericDate } from '../jws/registered-claims.ts';
import { requireSigner, type Signer } from '../jws/signer.ts';
import { parseScope, type Scope } from '../token-request/scope.ts';
import { parseEndpoint } from '../url.ts';

/** Who vouches for whom, and for how long. */
export interface JwtBearerGrant {
  /** Its token endpoint takes the request and, by default, is the audience of the JWT. */
  server: AuthorizationServer;
  /** `iss`: Google's service account, by its email address. */
  account: string;
  /** `sub`: the user to act for. RFC 7523 §3 wants one; Google takes none to mean the account itself. */
  subject?: string | undefined;
  /** Sent as a claim, as Google reads it, not as a parameter. */
  scope?: Scope | undefined;
  /** Google wants RS256. */
  signer: Signer;
  /** The header's `kid`. Google's key file calls it `private_key_id`. */
  keyId?: string | undefined;
  /** `aud`. Default: the token endpoint. */
  audience?: string | undefined;
  /** Seconds from now to `exp`, 1 to 3600. Default: 300. */
  lifetimeSeconds?: number | undefined;
  /** Further claims, in a plain object, such as Google's `target_audience`; none of them may be a function. */
  claims?: Readonly<Record<string, unknown>> | undefined;
  /** Epoch milliseconds, for `iat` and `exp`. */
  nowMs: number;
  /** Makes the `jti`. Default: a random UUID. */
  uniqueId?: (() => string) | undefined;
}

/**
 * The request, with a JWT of its own: build a new one for every attempt. `readTokenResponse` reads the answer.
 *
 * @throws {ProtocolError} `invalid_url`, `invalid_scope`, `invalid_parameter`, `unsupported_algorithm`, `invalid_credential`
 * @see RFC 7523 §2.1 https://www.rfc-editor.org/rfc/rfc7523#section-2.1
 * @see Using OAuth 2.0 for Server to Server Applications https://developers.google.com/identity/protocols/oauth2/service-account
 */
export async function buildJwtBearerRequest(grant: JwtBearerGrant): Promise<TokenRequest> {
  const { server, signer, keyId } = grant;
  const url = server?.tokenEndpoint;
  parseEndpoint(url, { name: 'The token endpoint', allowHttpLoopback: server?.allowHttpLoopback });
  requireSigner(signer);
  const header = { typ: 'JWT', ...(keyId !== undefined && { kid: requireText(keyId, 'The keyId') }) };
  const assertion = await signCompact({ header, claims: buildClaims(grant) }, signer);
  return {
    url,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeForm([
      ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
      ['assertion', assertion],
    ]),
  };
}

function buildClaims(grant: JwtBearerGrant): Readonly<Record<string, unknown>> {
  const { account, subject, audience = grant.server.tokenEndpoint, lifetimeSeconds = DEFAULT_LIFETIME_SECONDS } = grant;
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > LONGEST_LIFETIME_SECONDS) {
    throw new ProtocolError(
      'invalid_parameter',
      `lifetimeSeconds is ${quote(lifetimeSeconds)}; it must be a whole number from 1 to ${LONGEST_LIFETIME_SECONDS}`,
    );
  }
  const scopes = parseScope(grant.scope);
  const now = numericDate(grant.nowMs);
  const claims = {
    iss: requireText(account, 'The account'),
    sub: subject === undefined ? undefined : requireText(subject, 'The subject'),
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    aud: requireText(audience, 'The audience'),
    iat: now,
    exp: now + lifetimeSeconds,
    jti: jwtId(grant.uniqueId),
  };
  // A claim of value undefined is not sent, and its name is kept all the same.
  return addClaims(claims, grant.claims ?? {});
}

const DEFAULT_LIFETIME_SECONDS = 300;
/** Google refuses an `exp` more than an hour after `iat`. */
const LONGEST_LIFETIME_SECONDS = 3600;
