/** The Entra face: which of its paths there are, and who answers them. */
import type { Outcome } from '../outcome.ts';
import { type Answer, isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { answerConsentRequest, CONSENT_V1, CONSENT_V2 } from './consent.ts';
import { answerConfiguration, answerInstance, answerKeys } from './discovery.ts';
import { answerTokenRequest } from './token.ts';
import { V1, V2 } from './version.ts';

/** The honest outcome of a request to this face, or `undefined` for a path it does not have. */
export async function answerEntraRequest(request: MockRequest, services: Services): Promise<Outcome | undefined> {
  const route = ROUTES.find(({ path }) => path.test(request.path));
  return route?.answer(request, { tenant: request.path.split('/')[1] ?? '', services });
}

interface RouteContext {
  /** As the path names it. */
  readonly tenant: string;
  readonly services: Services;
}

interface Route {
  readonly path: RegExp;
  readonly answer: (request: MockRequest, context: RouteContext) => Outcome | Promise<Outcome>;
}

const ROUTES: readonly Route[] = [
  // Some clients put a slash before the query. The method of a token request is judged with the rest of it.
  { path: /^\/[^/]+\/oauth2\/v2\.0\/token\/?$/, answer: (request, context) => answerTokenRequest(request, { ...context, version: V2 }) },
  { path: /^\/[^/]+\/oauth2\/token\/?$/, answer: (request, context) => answerTokenRequest(request, { ...context, version: V1 }) },
  readable(/^\/[^/]+\/v2\.0\/adminconsent$/, (request, context) => answerConsentRequest(request, { ...context, version: CONSENT_V2 })),
  readable(/^\/[^/]+\/adminconsent$/, (request, context) => answerConsentRequest(request, { ...context, version: CONSENT_V1 })),
  document(/^\/common\/discovery\/instance$/, answerInstance),
  document(/^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/, (request, context) =>
    answerConfiguration(request, { ...context, version: V2 }),
  ),
  document(/^\/[^/]+\/\.well-known\/openid-configuration$/, (request, context) =>
    answerConfiguration(request, { ...context, version: V1 }),
  ),
  document(/^\/[^/]+\/discovery\/(v2\.0\/)?keys$/, answerKeys),
];

/** A page or a document: only for reading. */
function readable(path: RegExp, answer: Route['answer']): Route {
  return {
    path,
    answer: (request, context) =>
      isRead(request)
        ? answer(request, context)
        : { answer: { status: 405, headers: { allow: 'GET, HEAD' } }, checks: [], isTokenRequest: false, tenant: context.tenant },
  };
}

/** A document, which everybody may have: nothing about the request is judged. */
function document(path: RegExp, answer: (request: MockRequest, context: RouteContext) => Answer): Route {
  return readable(path, (request, context) => ({
    answer: answer(request, context),
    checks: [],
    isTokenRequest: false,
    tenant: context.tenant,
  }));
}
