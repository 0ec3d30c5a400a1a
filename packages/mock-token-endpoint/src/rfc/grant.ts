/** What this face grants: the claims of its access token, RFC 9068 §2.2, and the members of the response, RFC 6749 §5.1. */
import type { X509Certificate } from 'node:crypto';
import type { Confirmation } from '../checks/access-token.ts';
import { certificateThumbprint } from '../pki/thumbprint.ts';
import type { Services } from '../services.ts';
import type { Grant } from '../tokens.ts';

/** What was asked for, and was found to be right. */
export interface Granted {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** The `scope` parameter. */
  readonly askedScope: string | undefined;
  /** The thumbprint of the DPoP key, when the request proved one. */
  readonly jkt: string | undefined;
  /** That of the connection. */
  readonly certificate: X509Certificate | undefined;
}

export function grantToken(granted: Granted, { issuer, clock, tokenLifetimeSeconds, uniqueId }: Services): Grant {
  const { clientId, audience, scopes, askedScope, jkt, certificate } = granted;
  const issuedAt = Math.floor(clock.now() / 1000);
  const scope = scopes.join(' ');
  const confirmation: Confirmation = {
    ...(jkt === undefined ? {} : { jkt }),
    ...(certificate ? { 'x5t#S256': certificateThumbprint(certificate) } : {}),
  };
  return {
    type: 'at+jwt',
    claims: {
      iss: issuer,
      sub: clientId,
      client_id: clientId,
      aud: audience,
      iat: issuedAt,
      exp: issuedAt + tokenLifetimeSeconds,
      jti: uniqueId(),
      ...(scope === '' ? {} : { scope }),
      ...(jkt !== undefined || certificate ? { cnf: confirmation } : {}),
    },
    members: {
      // RFC 8705 §3 has no type of its own: a token bound to a certificate is a bearer token to everybody else.
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: tokenLifetimeSeconds,
      ...(scope === '' || scope === askedScope ? {} : { scope }),
    },
  };
}
