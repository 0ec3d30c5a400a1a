/** The RFC face: an authorization server as RFC 6749, RFC 8414 and their kin write it. Which of its paths there are, and who answers them. */

import { withNonce } from '../checks/dpop-nonce.ts';
import type { Outcome } from '../outcome.ts';
import { type Answer, isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { answerIntrospection } from './introspection.ts';
import { answerKeys, answerMetadata } from './metadata.ts';
import { INTROSPECTION_PATH, KEYS_PATH, METADATA_PATHS, REVOCATION_PATH, RFC_PATH, TOKEN_PATH } from './paths.ts';
import { answerRevocation } from './revocation.ts';
import { answerTokenRequest } from './token.ts';

/** Whether `path` is one of this face: below its issuer, or its metadata in the form RFC 8414 §3.1 inserts. */
export function isRfcPath(path: string): boolean {
  return path.startsWith(`${RFC_PATH}/`) || path.startsWith('/.well-known/');
}

/** The honest outcome of a request to this face, or `undefined` for a path it does not have. */
export async function answerRfcRequest(request: MockRequest, services: Services): Promise<Outcome | undefined> {
  const endpoint = ENDPOINTS.get(request.path);
  if (endpoint) return withNonce(await endpoint(request, services), services);
  const document = DOCUMENTS.get(request.path);
  if (!document) return undefined;
  return { answer: isRead(request) ? document(services) : NOT_ALLOWED, checks: [], isTokenRequest: false };
}

const NOT_ALLOWED: Answer = { status: 405, headers: { allow: 'GET, HEAD' } };
const ENDPOINTS: ReadonlyMap<string, (request: MockRequest, services: Services) => Promise<Outcome>> = new Map([
  [TOKEN_PATH, answerTokenRequest],
  [REVOCATION_PATH, answerRevocation],
  [INTROSPECTION_PATH, answerIntrospection],
]);
const DOCUMENTS: ReadonlyMap<string, (services: Services) => Answer> = new Map([
  ...METADATA_PATHS.map((path) => [path, answerMetadata] as const),
  [KEYS_PATH, answerKeys] as const,
]);
