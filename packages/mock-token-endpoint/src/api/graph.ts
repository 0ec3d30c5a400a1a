/** The protected API: a small part of Microsoft Graph v1.0 behind this mock's own access tokens. RFC 6750 §3. */
import { type AccessTokenClaims, checkBearer } from '../checks/bearer.ts';
import { type Checks, judge } from '../checks/checks.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type GraphRefusal, graphError, graphSuccess } from './graph-answer.ts';
import { listUsers, readUser } from './users.ts';

/** Where the API is, on the mock's own origin. */
export const API_PATH: string = '/graph/v1.0/';
/** The identifier URI that tokens for the API are asked for with, and their `aud`. */
export const API_RESOURCE: string = 'api://mock-graph';
/** The app role that reading users takes. */
export const READ_USERS: string = 'User.Read.All';

/** Answers a request below `API_PATH`; `path` is what follows it. The token comes first: without one, nothing is said about paths. */
export async function answerApiRequest(request: MockRequest, { path, services }: { path: string; services: Services }): Promise<Outcome> {
  const caller = await judge<AccessTokenClaims, GraphRefusal>((checks) =>
    checkBearer(checks, { request, services, resource: API_RESOURCE }),
  );
  if (caller.refusal) return { answer: graphError(caller.refusal, { request, services }), checks: caller.made, isTokenRequest: false };
  const { tenantId: tenant, clientId } = caller.granted;
  const read = await judge<object, GraphRefusal>((checks) => readPath(checks, { request, path, caller: caller.granted }));
  return {
    answer: read.refusal ? graphError(read.refusal, { request, services }) : graphSuccess(read.granted, { request, services }),
    checks: [...caller.made, ...read.made],
    isTokenRequest: false,
    tenant,
    clientId,
  };
}

function readPath(
  checks: Checks<GraphRefusal>,
  { request, path, caller }: { request: MockRequest; path: string; caller: AccessTokenClaims },
): object {
  checks.require(request.method === 'GET', {
    name: 'the method is GET',
    section: 'RFC 9110 §15.5.6',
    refusal: { status: 405, code: 'Request_BadRequest', message: `The method ${request.method} is not allowed here.` },
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
