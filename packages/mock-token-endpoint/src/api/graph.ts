/** The protected API: a small part of Microsoft Graph v1.0 behind this mock's own access tokens. RFC 6750 §3. */
import type { JWTPayload } from 'jose';
import { API_PATH, API_RESOURCE, READ_USERS } from '../api-resource.ts';
import { type Checks, judge } from '../checks/checks.ts';
import { withNonce } from '../checks/dpop-nonce.ts';
import type { Outcome } from '../outcome.ts';
import { isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Caller, checkBearer, clientOf, readPresentedToken } from './bearer.ts';
import { type GraphRefusal, graphError, graphSuccess } from './graph-answer.ts';
import { listUsers, readUser } from './users.ts';

/** Answers a request below `API_PATH`; `path` is what follows it. The token comes first: without one, nothing is said about paths. */
export async function answerApiRequest(request: MockRequest, { path, services }: { path: string; services: Services }): Promise<Outcome> {
  const presented = await readPresentedToken(request, services);
  const { made, granted, refusal } = await judge<object, GraphRefusal>(async (checks) => {
    const caller = await checkBearer(checks, { presented, request, services, resource: API_RESOURCE });
    return readPath(checks, { request, path, caller });
  });
  const answer = refusal ? graphError(refusal, { request, services }) : graphSuccess(granted, { request, services });
  return withNonce({ answer, checks: made, isTokenRequest: false, ...factsOf(presented?.claims) }, services);
}

/** What rules match on and the journal shows, also of a token that has expired or is for somebody else. */
function factsOf(claims: JWTPayload | undefined): Pick<Outcome, 'tenant' | 'clientId' | 'tokenClaims'> {
  if (!claims) return {};
  const { tid } = claims;
  return { tokenClaims: claims, clientId: clientOf(claims), tenant: typeof tid === 'string' ? tid : undefined };
}

function readPath(checks: Checks<GraphRefusal>, { request, path, caller }: { request: MockRequest; path: string; caller: Caller }): object {
  checks.require(isRead(request), {
    name: 'the method is GET or HEAD',
    section: 'RFC 9110 §15.5.6',
    refusal: { status: 405, code: 'Request_BadRequest', message: `The method ${request.method} is not allowed here.`, allow: 'GET, HEAD' },
  });
  const baseUrl = `${request.origin}${API_PATH}`;
  if (path === 'organization') return organization(caller.tenantId, baseUrl);
  const users = /^users(?:\/([^/]+))?$/.exec(path);
  checks.require(users !== null, {
    name: 'the path is one of the API',
    section: 'RFC 9110 §15.5.5',
    refusal: { status: 404, code: 'BadRequest', message: `Resource not found for the segment '${path.split('/')[0]}'.` },
  });
  checks.require(caller.roles.includes(READ_USERS), {
    name: `the token has the role ${READ_USERS}`,
    section: 'RFC 6750 §3.1',
    refusal: { status: 403, code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' },
  });
  const { query } = request;
  const key = users[1];
  return key === undefined ? listUsers(checks, { query, baseUrl }) : readUser(checks, { key, query, baseUrl });
}

function organization(tenantId: string, baseUrl: string): object {
  return { '@odata.context': `${baseUrl}$metadata#organization`, value: [{ id: tenantId, displayName: 'Contoso' }] };
}
