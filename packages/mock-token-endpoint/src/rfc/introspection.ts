/** The introspection endpoint. RFC 7662 §2, RFC 9449 §6.2, RFC 8705 §3.2. */
import type { JWTPayload } from 'jose';
import { readConfirmation } from '../checks/access-token.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { oauthSuccess } from './answer.ts';
import { answerClientRequest } from './client-request.ts';
import { readIssuedToken } from './issued-token.ts';

/** Tells any registered client about a token of this server; of one that is of no use to anybody it says no more than that. */
export async function answerIntrospection(request: MockRequest, services: Services): Promise<Outcome> {
  const outcome = await answerClientRequest(request, {
    services,
    succeed: async (checks, clientRequest) => {
      const claims = await readIssuedToken(checks, clientRequest);
      return { answer: oauthSuccess(claims && isActive(claims, services) ? describe(claims) : { active: false }) };
    },
  });
  return { ...outcome, isTokenRequest: false };
}

function isActive({ exp = 0, jti }: JWTPayload, { clock, rfc }: Services): boolean {
  const nowMs = clock.now();
  return nowMs < exp * 1000 && !rfc.isRevoked(String(jti), { nowMs });
}

function describe(claims: JWTPayload): object {
  const { iss, sub, client_id, aud, iat, exp, jti, scope, cnf } = claims;
  const token_type = readConfirmation(claims).jkt === undefined ? 'Bearer' : 'DPoP';
  // JSON leaves out what is undefined.
  return { active: true, iss, sub, client_id, aud, iat, exp, jti, scope, cnf, token_type };
}
