/** The token that a client asks this server about, or asks it to revoke. RFC 7009 §2.1, RFC 7662 §2.1. */
import type { JWTPayload } from 'jose';
import { readAccessToken } from '../checks/access-token.ts';
import type { Checks } from '../checks/checks.ts';
import type { OAuthRefusal } from './answer.ts';
import type { ClientRequest } from './client-request.ts';

/** The claims of the `token` parameter, or `undefined` when it is not a token of this face. A hint at its type is not needed. */
export async function readIssuedToken(
  checks: Checks<OAuthRefusal>,
  { form, services }: Pick<ClientRequest, 'form' | 'services'>,
): Promise<JWTPayload | undefined> {
  const token = form.get('token');
  checks.require(token !== undefined, {
    name: 'token is present',
    section: 'RFC 7009 §2.1',
    refusal: { error: 'invalid_request', description: 'The parameter token is missing.' },
  });
  const claims = await readAccessToken(token, services);
  return claims?.iss === services.issuer ? claims : undefined;
}
