/** The revocation endpoint. RFC 7009 §2. */
import type { Checks } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type OAuthRefusal, oauthSuccess } from './answer.ts';
import { answerClientRequest, type ClientRequest } from './client-request.ts';
import { readIssuedToken } from './issued-token.ts';

/** Revokes a token of the client that asks. A token that is none of this server's is as good as revoked. */
export async function answerRevocation(request: MockRequest, services: Services): Promise<Outcome> {
  const outcome = await answerClientRequest(request, {
    services,
    succeed: async (checks, clientRequest) => {
      await revoke(checks, clientRequest);
      return { answer: oauthSuccess() };
    },
  });
  return { ...outcome, isTokenRequest: false };
}

async function revoke(checks: Checks<OAuthRefusal>, { form, client, services }: ClientRequest): Promise<void> {
  const claims = await readIssuedToken(checks, { form, services });
  if (!claims) return;
  // RFC 7009 §2.1 wants the client told, RFC 6749 §5.2 has the word for it: "issued to another client".
  checks.require(claims['client_id'] === client.id, {
    name: 'the token was issued to this client',
    section: 'RFC 7009 §2.1',
    refusal: { error: 'invalid_grant', description: 'The token was issued to another client.' },
  });
  services.rfc.revoke(String(claims.jti), { nowMs: services.clock.now(), expiresAtMs: Number(claims.exp) * 1000 });
}
