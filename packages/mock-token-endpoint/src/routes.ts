/** Which paths there are, and who answers them. */
import { API_PATH, answerApiRequest } from './api/graph.ts';
import { answerConfiguration, answerInstance, answerKeys } from './entra/discovery.ts';
import { answerTokenRequest } from './entra/token.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, MockRequest } from './server/http.ts';
import type { Services } from './services.ts';

/** The honest outcome of `request`. */
export async function route(request: MockRequest, services: Services): Promise<Outcome> {
  const { path } = request;
  if (path.startsWith(API_PATH)) return answerApiRequest(request, { path: path.slice(API_PATH.length), services });
  const tenant = path.split('/')[1] ?? '';
  if (TOKEN_ENDPOINT.test(path)) return answerTokenRequest(request, { tenant, services });
  return { answer: answerDocument(request, { tenant, services }), checks: [], isTokenRequest: false, tenant };
}

function answerDocument(request: MockRequest, context: { tenant: string; services: Services }): Answer {
  const document = DOCUMENTS.find(({ path }) => path.test(request.path));
  if (!document) return { status: 404, headers: {}, body: 'The mock token endpoint serves nothing at this path.\n' };
  return request.method === 'GET' ? document.answer(request, context) : { status: 405, headers: { allow: 'GET' } };
}

// Some clients put a slash before the query.
const TOKEN_ENDPOINT = /^\/[^/]+\/oauth2\/v2\.0\/token\/?$/;
const DOCUMENTS: readonly {
  readonly path: RegExp;
  readonly answer: (request: MockRequest, context: { tenant: string; services: Services }) => Answer;
}[] = [
  { path: /^\/common\/discovery\/instance$/, answer: answerInstance },
  { path: /^\/[^/]+\/v2\.0\/\.well-known\/openid-configuration$/, answer: answerConfiguration },
  { path: /^\/[^/]+\/discovery\/v2\.0\/keys$/, answer: answerKeys },
];
