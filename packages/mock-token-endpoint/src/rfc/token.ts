/** The token endpoint, for one grant: client credentials. RFC 6749 §4.4.2, RFC 8707 §2, RFC 9449 §5, RFC 8705 §3. */
import type { Checks } from '../checks/checks.ts';
import { checkProof } from '../checks/dpop.ts';
import { rememberClaims } from '../claims-request.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Grant, issueTokenResponse } from '../tokens.ts';
import { type OAuthRefusal, oauthSuccess } from './answer.ts';
import { answerClientRequest, type ClientRequest } from './client-request.ts';
import { grantToken } from './grant.ts';
import { readTarget } from './resource.ts';
import { grantScopes } from './scope.ts';

/** Judges a token request as the RFCs say. A DPoP proof or a client certificate binds the token, whatever the client authenticates with. */
export async function answerTokenRequest(request: MockRequest, services: Services): Promise<Outcome> {
  const outcome = await answerClientRequest(request, {
    services,
    succeed: async (checks, clientRequest) => answerGrant(await evaluate(checks, clientRequest), services),
  });
  return { ...outcome, isTokenRequest: true };
}

async function answerGrant(grant: Grant, services: Services): Promise<Pick<Outcome, 'answer' | 'grant'>> {
  const { members, claims } = await issueTokenResponse(grant, services);
  return { answer: { ...oauthSuccess(members), tokenClaims: claims }, grant };
}

async function evaluate(checks: Checks<OAuthRefusal>, { request, services, form, client }: ClientRequest): Promise<Grant> {
  const grantType = form.get('grant_type');
  checks.require(grantType !== undefined, {
    name: 'grant_type is present',
    section: 'RFC 6749 §4.4.2',
    refusal: { error: 'invalid_request', description: 'The parameter grant_type is missing.' },
  });
  checks.require(grantType === 'client_credentials', {
    name: 'grant_type is client_credentials',
    section: 'RFC 6749 §4.4.2',
    refusal: { error: 'unsupported_grant_type', description: `The grant type ${grantType} is not supported.` },
  });
  checks.require(client.consented, {
    name: 'the client may use the grant',
    section: 'RFC 6749 §5.2',
    refusal: { error: 'unauthorized_client', description: 'No administrator has consented to the client.' },
  });
  const target = readTarget(checks, { form, directory: services.directory });
  const askedScope = form.get('scope');
  const allowed = target.roles.filter((role) => client.roles.includes(role));
  const scopes = grantScopes(checks, { scope: askedScope, target, allowed });
  const jkt = request.headers['dpop'] === undefined ? undefined : await checkProof(checks, { request, services });
  const certificate = request.clientCertificate;
  const granted = { clientId: client.id, audience: target.audience, scopes, askedScope, jkt, certificate };
  return rememberClaims(grantToken(granted, services), form);
}
