/** What the API has is a list of routes: each a value that one file of this folder owns. */
import type { Checks } from '../checks/checks.ts';
import { type Answer, isRead, type MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Caller } from './bearer.ts';
import type { GraphRefusal, GraphSuccess } from './graph-answer.ts';

export interface ApiRoute {
  /** `GET` stands for `HEAD` too. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Matches the whole of what follows `API_PATH`; what its group matches is the call's `key`. */
  readonly path: RegExp;
  /** The app role it takes; default none. */
  readonly role?: string;
  answer(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess | Promise<GraphSuccess>;
}

/** One call of a route, by a caller who may. */
export interface ApiCall {
  readonly request: MockRequest;
  readonly services: Services;
  readonly caller: Caller;
  /** What stands in the path at the route's group, as received; else empty. */
  readonly key: string;
  /** Where the API is for this client; ends with a slash. */
  readonly baseUrl: string;
  /** Answers another request of the same caller as if it had come by itself, with rules and journal. */
  readonly perform: (request: MockRequest) => Promise<Answer>;
}

/** The route of `routes` for `request`, whose path below the API is `path`, and the key in it. */
export function findRoute(
  checks: Checks<GraphRefusal>,
  { routes, request, path }: { routes: readonly ApiRoute[]; request: MockRequest; path: string },
): { readonly route: ApiRoute; readonly key: string } {
  const here = routes.flatMap((route) => {
    const match = route.path.exec(path);
    return match ? [{ route, key: match[1] ?? '' }] : [];
  });
  checks.require(here.length > 0, {
    name: 'the path is one of the API',
    section: 'RFC 9110 §15.5.5',
    refusal: { status: 404, code: 'BadRequest', message: `Resource not found for the segment '${path.split('/')[0]}'.` },
  });
  const found = here.find(({ route }) => route.method === (isRead(request) ? 'GET' : request.method));
  const allow = here.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  checks.require(found !== undefined, {
    name: `the method is ${allow.replace(/, (?=[^,]+$)/, ' or ')}`,
    section: 'RFC 9110 §15.5.6',
    refusal: {
      status: 405,
      code: 'Request_BadRequest',
      message: `The method ${request.method} is not allowed here.`,
      headers: { allow },
    },
  });
  return found;
}
