/** Which paths there are on which listener, and who answers them. */
import { answerApiRequest } from './api/graph.ts';
import { answerUploadRequest } from './api/upload.ts';
import { answerVaultRequest } from './api/vault.ts';
import { API_PATH, UPLOAD_PATH, VAULT_PATH } from './api-resource.ts';
import { answerEntraRequest } from './entra/face.ts';
import type { Perform } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import { answerPlatformRequest } from './platform/platform.ts';
import { answerRfcRequest, isRfcPath } from './rfc/face.ts';
import type { MockRequest } from './server/http.ts';
import type { Services } from './services.ts';

/** The honest outcome of `request`; those that came inside it are answered by `perform`. */
export async function route(request: MockRequest, { services, perform }: { services: Services; perform: Perform }): Promise<Outcome> {
  if (request.listener === 'local') return (await answerPlatformRequest(request, services)) ?? nothingHere();
  const { path } = request;
  if (path.startsWith(API_PATH)) return answerApiRequest(request, { services, perform });
  if (path.startsWith(VAULT_PATH)) return answerVaultRequest(request, services);
  if (path.startsWith(UPLOAD_PATH) && request.listener === 'mtls') return answerUploadRequest(request, services);
  return (await (isRfcPath(path) ? answerRfcRequest : answerEntraRequest)(request, services)) ?? nothingHere();
}

function nothingHere(): Outcome {
  return {
    answer: { status: 404, headers: {}, body: 'The mock token endpoint serves nothing at this path.\n' },
    checks: [],
    isTokenRequest: false,
  };
}
