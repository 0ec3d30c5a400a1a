/** The RFC face: an authorization server as RFC 6749, 7591, 8414 and their kin write it. Which of its paths there are, and who answers them. */
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';

/** The path of this face's issuer, on the mock's own origin. */
export const RFC_PATH: string = '/rfc';

/** Whether `path` is one of this face: below its issuer, or its metadata in the form RFC 8414 §3.1 inserts. */
export function isRfcPath(path: string): boolean {
  return path.startsWith(`${RFC_PATH}/`) || path.startsWith('/.well-known/');
}

/** The honest outcome of a request to this face, or `undefined` for a path it does not have. */
export async function answerRfcRequest(_request: MockRequest, _services: Services): Promise<Outcome | undefined> {
  return undefined;
}
