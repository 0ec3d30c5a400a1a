/** The Entra face: which of its paths there are, and who answers them. */
import type { Outcome } from '../outcome.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { answerConfiguration, answerInstance, answerKeys } from './discovery.ts';
import { answerTokenRequest } from './token.ts';

/** The honest outcome of a request to this face, or `undefined` for a path it does not have. */
export async function answerEntraRequest(request: MockRequest, services: Services): Promise<Outcome | undefined> {
  const tenant = request.path.split('/')[1] ?? '';
  if (TOKEN_ENDPOINT.test(request.path)) return answerTokenRequest(request, { tenant, services });
  const document = DOCUMENTS.find(({ path }) => path.test(request.path));
  if (!document) return undefined;
  const answer = request.method === 'GET' ? document.answer(request, { tenant, services }) : NOT_ALLOWED;
  return { answer, checks: [], isTokenRequest: false, tenant };
}

const NOT_ALLOWED: Answer = { status: 405, headers: { allow: 'GET' } };
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
