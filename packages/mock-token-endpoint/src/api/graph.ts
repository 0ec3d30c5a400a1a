/** The protected API: a small part of Microsoft Graph v1.0 behind this mock's own access tokens. RFC 6750 §3. */
import { API_PATH, API_RESOURCE } from '../api-resource.ts';
import { type Checks, judge } from '../checks/checks.ts';
import { withNonce } from '../checks/dpop-nonce.ts';
import type { Perform } from '../exchange.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { BATCH_ROUTE } from './batch.ts';
import { type Caller, checkBearer, factsOf, readPresentedToken } from './bearer.ts';
import { DELTA_ROUTE } from './delta.ts';
import { DRIVE_ROUTES } from './drive.ts';
import { EXPORT_ROUTES } from './exports.ts';
import { type GraphRefusal, type GraphSuccess, graphError, graphSuccess } from './graph-answer.ts';
import { ITEM_ROUTES } from './items.ts';
import { type ApiCall, type ApiRoute, findRoute } from './route.ts';
import { USER_ROUTES } from './users.ts';

interface ApiContext {
  readonly services: Services;
  /** How another request is answered that came inside this one. */
  readonly perform: Perform;
}

/** Answers a request below `API_PATH`. The token comes first: without one, nothing is said about paths. */
export async function answerApiRequest(request: MockRequest, { services, perform }: ApiContext): Promise<Outcome> {
  const presented = await readPresentedToken(request, services);
  const outcome = await answerAdmitted(request, {
    services,
    perform,
    facts: factsOf(presented?.claims),
    admit: (checks) => checkBearer(checks, { presented, request, services, audiences: [API_RESOURCE, `${API_RESOURCE}/`] }),
  });
  return withNonce(outcome, services);
}

interface Admission extends ApiContext {
  readonly facts: Pick<Outcome, 'tenant' | 'clientId' | 'tokenClaims'>;
  /** Judges who calls, or says who it was found to be. */
  admit(checks: Checks<GraphRefusal>): Promise<Caller> | Caller;
}

async function answerAdmitted(request: MockRequest, admission: Admission): Promise<Outcome> {
  const { services, facts, perform } = admission;
  const { made, granted, refusal } = await judge<GraphSuccess, GraphRefusal>(async (checks) => {
    const caller = await admission.admit(checks);
    return answerRoute(checks, {
      request,
      services,
      caller,
      baseUrl: `${request.origin}${API_PATH}`,
      // The token of a batch is that of its items: it was sent, and is judged, once.
      perform: (item) => perform(item, () => answerAdmitted(item, { ...admission, admit: () => caller })),
    });
  });
  const answer = refusal ? graphError(refusal, { request, services }) : graphSuccess(granted, { request, services });
  return { answer, checks: made, isTokenRequest: false, ...facts };
}

function answerRoute(checks: Checks<GraphRefusal>, call: Omit<ApiCall, 'key'>): GraphSuccess | Promise<GraphSuccess> {
  const { request, caller } = call;
  const { route, key } = findRoute(checks, { routes: ROUTES, request, path: request.path.slice(API_PATH.length) });
  const { role } = route;
  if (role !== undefined) {
    checks.require(caller.roles.includes(role), {
      name: `the token has the role ${role}`,
      section: 'RFC 6750 §3.1',
      refusal: { status: 403, code: 'Authorization_RequestDenied', message: 'Insufficient privileges to complete the operation.' },
    });
  }
  return route.answer(checks, { ...call, key });
}

const ORGANIZATION: ApiRoute = {
  method: 'GET',
  path: /^organization$/,
  answer: (_checks, { caller, baseUrl }) => ({
    body: { '@odata.context': `${baseUrl}$metadata#organization`, value: [{ id: caller.tenantId, displayName: 'Contoso' }] },
  }),
};

// Of two that match a path, the first one answers.
const ROUTES: readonly ApiRoute[] = [
  ORGANIZATION,
  DELTA_ROUTE,
  ...USER_ROUTES,
  ...ITEM_ROUTES,
  ...EXPORT_ROUTES,
  ...DRIVE_ROUTES,
  BATCH_ROUTE,
];
