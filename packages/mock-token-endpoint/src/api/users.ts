/** Users as Graph lists them: pages with `@odata.nextLink`, and one by id or user principal name, to be read, changed or removed. */
import { READ_USERS } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import { badRequest, type GraphRefusal, type GraphSuccess } from './graph-answer.ts';
import { requireJson } from './json-body.ts';
import { readPage, readSelect, repeatOptions, skipTokenAfter } from './odata.ts';
import { USER_FIELDS, type User } from './people.ts';
import type { ApiCall, ApiRoute } from './route.ts';

const ONE = /^users\/([^/]+)$/;

export const USER_ROUTES: readonly ApiRoute[] = [
  { method: 'GET', path: /^users$/, role: READ_USERS, answer: listUsers },
  { method: 'GET', path: ONE, role: READ_USERS, answer: readUser },
  { method: 'PATCH', path: ONE, role: READ_USERS, answer: changeUser },
  { method: 'DELETE', path: ONE, role: READ_USERS, answer: removeUser },
];

/** The options of `query` that shape a user, and what they make of one. */
export function readUserShape(
  checks: Checks<GraphRefusal>,
  { query, options }: { query: URLSearchParams; options: readonly string[] },
): { readonly context: string; shape(user: User): object } {
  const select = readSelect(checks, { query, fields: USER_FIELDS, options: ['$select', ...options] });
  return {
    context: `$metadata#users${select ? `(${select.join(',')})` : ''}`,
    shape: (user) => (select ? Object.fromEntries(Object.entries(user).filter(([name]) => select.includes(name))) : user),
  };
}

/** A page of users; its `@odata.nextLink` repeats the options of the request and is absent on the last page. */
function listUsers(checks: Checks<GraphRefusal>, { request: { query }, services, caller, baseUrl }: ApiCall): GraphSuccess {
  const { context, shape } = readUserShape(checks, { query, options: ['$top', '$skiptoken'] });
  const { skip, top } = readPage(checks, query);
  const end = skip + top;
  const { people } = services.api;
  const next = `${baseUrl}users?${repeatOptions(query, ['$top', '$select'])}$skiptoken=${skipTokenAfter(end)}`;
  return {
    body: {
      '@odata.context': `${baseUrl}${context}`,
      ...(end < people.places ? { '@odata.nextLink': next } : {}),
      value: people.between(caller.tenantId, { from: skip, to: end }).map(shape),
    },
  };
}

function readUser(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  const { context, shape } = readUserShape(checks, { query: call.request.query, options: [] });
  return { body: { '@odata.context': `${call.baseUrl}${context}/$entity`, ...shape(findUser(checks, call)) } };
}

function changeUser(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  const members = requireJson(checks, call.request);
  const user = findUser(checks, call);
  const foreign = Object.entries(members).find(([name, value]) => !CHANGEABLE.includes(name) || !isShortText(value));
  checks.require(foreign === undefined, {
    name: 'what changes are members of a user, to short strings',
    section: 'Graph: update user',
    refusal: badRequest(
      `The property '${foreign?.[0]}' cannot have this value: give one of ${CHANGEABLE.join(', ')} up to 256 characters.`,
    ),
  });
  call.services.api.people.change(call.caller.tenantId, user, { ...user, ...members });
  return { status: 204 };
}

function removeUser(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  call.services.api.people.change(call.caller.tenantId, findUser(checks, call), undefined);
  return { status: 204 };
}

function findUser(checks: Checks<GraphRefusal>, { services, caller, key }: ApiCall): User {
  const user = services.api.people.find(caller.tenantId, key);
  checks.require(user !== undefined, {
    name: 'the user exists',
    section: 'Graph: get user',
    refusal: { status: 404, code: 'Request_ResourceNotFound', message: `Resource '${key}' does not exist.` },
  });
  return user;
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 256;
}

const CHANGEABLE = USER_FIELDS.filter((name) => name !== 'id');
