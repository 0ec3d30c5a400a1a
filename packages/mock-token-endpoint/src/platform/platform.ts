/** What a platform gives the programs that run on it: managed identities and federated tokens, without TLS as on a real host. */
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';

/** The honest outcome of a request to a platform's endpoint, or `undefined` for a path there is none at. */
export async function answerPlatformRequest(_request: MockRequest, _services: Services): Promise<Outcome | undefined> {
  return undefined;
}
