/** What has changed about users: rounds of pages that end in an `@odata.deltaLink`, from which the next round begins. Graph: delta query. */
import { API_PATH, READ_USERS } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import type { GraphRefusal, GraphSuccess } from './graph-answer.ts';
import { readPreferredSize, repeatOptions } from './odata.ts';
import type { People, User, UserChange } from './people.ts';
import type { ApiCall, ApiRoute } from './route.ts';
import { readUserShape } from './users.ts';

/** Before the routes of users, among whom nobody is called `delta`. */
export const DELTA_ROUTE: ApiRoute = { method: 'GET', path: /^users\/delta$/, role: READ_USERS, answer: answerDelta };

/**
 * Where a round is. The first round goes through all users by their places, and what changes meanwhile is told in the second, which begins
 * at the first one's `revision`; later rounds go from change to change.
 */
interface Position {
  readonly revision: number;
  /** In the first round: how many places it has been through. */
  readonly places?: number;
}

function answerDelta(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  const { request, services, caller, baseUrl } = call;
  const { people } = services.api;
  const { context, shape } = readUserShape(checks, { query: request.query, options: ['$skiptoken', '$deltatoken'] });
  const { size = USUAL_PAGE, headers = {} } = readPreferredSize(request.headers['prefer']);
  const page = pageAt(readPosition(checks, call), { people, tenantId: caller.tenantId, size });
  const link = `${baseUrl}users/delta?${repeatOptions(request.query, ['$select'])}`;
  const token = writeToken(page.next, services.clock.now());
  return {
    headers,
    body: {
      '@odata.context': `${baseUrl}${context}`,
      ...(page.isLast ? { '@odata.deltaLink': `${link}$deltatoken=${token}` } : { '@odata.nextLink': `${link}$skiptoken=${token}` }),
      value: page.entries.map((entry) => ('revision' in entry ? tellChange(entry, shape) : shape(entry))),
    },
  };
}

interface Page {
  readonly entries: readonly (User | UserChange)[];
  readonly next: Position;
  readonly isLast: boolean;
}

function pageAt({ revision, places }: Position, { people, tenantId, size }: { people: People; tenantId: string; size: number }): Page {
  if (places !== undefined) {
    const to = places + size;
    const isLast = to >= people.places;
    return { entries: people.between(tenantId, { from: places, to }), next: isLast ? { revision } : { revision, places: to }, isLast };
  }
  const changes = people.changesSince(tenantId, revision);
  const entries = changes.slice(0, size);
  return { entries, next: { revision: entries.at(-1)?.revision ?? revision }, isLast: entries.length === changes.length };
}

function tellChange({ id, user }: UserChange, shape: (user: User) => object): object {
  // The id is there whatever was selected: nothing else says whose change it is.
  return user ? { id, ...shape(user) } : { id, '@removed': { reason: 'changed' } };
}

/** Where the token of the query says, or the beginning of a first round. */
function readPosition(checks: Checks<GraphRefusal>, { request: { query, origin }, services: { api, clock } }: ApiCall): Position {
  const token = query.get('$skiptoken') ?? query.get('$deltatoken') ?? '';
  if (token === '') return { revision: api.people.revision(), places: 0 };
  const [, madeAtMs, revision, places] = TOKEN.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  const isFresh = clock.now() < Number(madeAtMs) + LONGEST_MS && Number(revision) <= api.people.revision();
  checks.require(isFresh, {
    name: 'the token is of the last seven days, and of what is known since',
    section: 'Graph: delta query, synchronization reset',
    refusal: {
      status: 410,
      code: 'resyncRequired',
      message: 'The delta token is too old or unknown: begin again at Location.',
      headers: { location: `${origin}${API_PATH}users/delta?${repeatOptions(query, ['$select'])}$deltatoken=` },
    },
  });
  return { revision: Number(revision), ...(places === undefined ? {} : { places: Number(places) }) };
}

function writeToken({ revision, places }: Position, nowMs: number): string {
  return Buffer.from([Math.floor(nowMs), revision, places].filter((part) => part !== undefined).join(':')).toString('base64url');
}

const TOKEN = /^([0-9]{1,16}):([0-9]{1,9})(?::([0-9]{1,5}))?$/;
const USUAL_PAGE = 100;
// Graph's limit for objects of the directory.
const LONGEST_MS = 7 * 24 * 3_600_000;
