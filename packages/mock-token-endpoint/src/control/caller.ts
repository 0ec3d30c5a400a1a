/** Who may steer: whoever has the control token, and no page of another origin. The Host has been checked by then. */
import { isOneOf } from '../checks/secret.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import { refuse } from './answer.ts';

/** Refuses a request from elsewhere, or without the token; `undefined` lets it in. */
export function refuseCaller({ headers, origin }: MockRequest, controlToken: string): Answer | undefined {
  if (headers['origin'] !== undefined && headers['origin'] !== origin) {
    return refuse({
      status: 403,
      code: 'foreign_origin',
      message: `Pages of another origin may not steer this mock: use one of ${origin}`,
    });
  }
  const presented = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (isOneOf(presented, [controlToken])) return undefined;
  return refuse({
    status: 401,
    code: 'unauthorized',
    message: 'Send the header Authorization: Bearer with the controlToken of this mock',
    headers: { 'www-authenticate': 'Bearer' },
  });
}
