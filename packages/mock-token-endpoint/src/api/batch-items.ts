/** The requests in a batch, all of them looked at before the first is answered. OData JSON 4.01 §19.1; Graph: JSON batching. */
import type { Checks } from '../checks/checks.ts';
import { badRequest, type GraphRefusal } from './graph-answer.ts';

export interface BatchItem {
  readonly id: string;
  readonly method: string;
  /** Path and query below the API, without a slash before it. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as text; what is no JSON by its content type as it was given. */
  readonly body: string;
  /** The keys of items that stand before this one. */
  readonly dependsOn: readonly string[];
}

/** Ids are compared in any case. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

/** The items of a batch's body: at most 20, each with an id of its own, and none that names another place than this API. */
export function readItems(checks: Checks<GraphRefusal>, { requests }: Readonly<Record<string, unknown>>): readonly BatchItem[] {
  checks.require(Array.isArray(requests) && requests.length > 0 && requests.length <= MOST_ITEMS, {
    name: `a batch has 1 to ${MOST_ITEMS} requests`,
    section: 'Graph: JSON batching',
    refusal: badRequest(`A batch takes a list 'requests' of 1 to ${MOST_ITEMS}: send more of them in another batch.`),
  });
  checks.require(requests.every(isWritten), {
    name: 'each request has an id, a method and a url, and what else it has is of its kind',
    section: 'OData JSON 4.01 §19.1',
    refusal: badRequest('Each request of a batch needs id, method and url, as strings; headers are strings, dependsOn is a list of ids.'),
  });
  const items = requests.map(readItem);
  const places = new Map(items.map(({ id }, index) => [keyOf(id), index]));
  checks.require(places.size === items.length, {
    name: 'no two requests have one id, in any case',
    section: 'Graph: JSON batching',
    refusal: badRequest('Each request of a batch needs an id of its own; ids are compared in any case.'),
  });
  const astray = items.find(({ dependsOn }, index) => !dependsOn.every((key) => (places.get(key) ?? index) < index));
  checks.require(astray === undefined, {
    name: 'what a request depends on stands before it',
    section: 'OData JSON 4.01 §19.1',
    refusal: badRequest(`Request '${astray?.id}' depends on one that does not stand before it.`),
  });
  const foreign = items.find(({ target }) => FOREIGN.test(target));
  checks.require(foreign === undefined, {
    name: 'each url is a path of this API, and none is a batch',
    section: 'Graph: JSON batching',
    refusal: badRequest(`The url of request '${foreign?.id}' is none that a batch takes: give a path of this API, like /users.`),
  });
  const untyped = items.find(({ body, headers }) => body !== '' && headers['content-type'] === undefined);
  checks.require(untyped === undefined, {
    name: 'a request with a body says what it is',
    section: 'Graph: JSON batching',
    refusal: badRequest(`Request '${untyped?.id}' has a body: give it a Content-Type.`),
  });
  return items;
}

/** An item as it was written; what it is of, the door has looked at. */
interface WrittenItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

function isWritten(value: unknown): value is WrittenItem {
  if (typeof value !== 'object' || value === null) return false;
  const { id, method, url, headers = {}, dependsOn = [] } = value as Record<string, unknown>;
  const isObject = typeof headers === 'object' && headers !== null;
  return (
    [id, method, url].every((text) => typeof text === 'string' && text !== '') &&
    isObject &&
    Object.values(headers).every(isString) &&
    Array.isArray(dependsOn) &&
    dependsOn.every(isString)
  );
}

function readItem({ id, method, url, headers = {}, body, dependsOn = [] }: WrittenItem): BatchItem {
  return {
    id,
    method: method.toUpperCase(),
    target: url.replace(/^\//, ''),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: body === undefined || typeof body === 'string' ? (body ?? '') : JSON.stringify(body),
    dependsOn: dependsOn.map(keyOf),
  };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

const MOST_ITEMS = 20;
/** A URL with a scheme, or one that after its slash begins with another names a host; and a batch in a batch would have no end. */
const FOREIGN = /^(?:[a-z][a-z0-9+.-]*:|[/\\]|\$batch(?:$|\?))/i;
