/** The requests of a batch, checked before anything is sent. OData JSON 4.01 §19.1, and Microsoft Graph's form of it. */
import { resolveTarget } from '../egress.ts';
import { ApiCallerError, printable } from '../errors.ts';
import { readHeaders } from '../headers.ts';
import type { Settings } from '../settings.ts';

/** One request of a batch. */
export interface BatchRequest {
  /** Unique among all, in whatever case. Default: its place, from 1. */
  readonly id?: string | undefined;
  readonly method: string;
  /** A path below `baseUrl`, with its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A JSON value; with another `content-type`, text in the form that the API wants. */
  readonly body?: unknown;
  /** The requests that must have succeeded before. */
  readonly dependsOn?: readonly string[] | undefined;
}

/** A request as it is written into a batch. */
export interface BatchItem {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

/**
 * The items of a batch, each after those that it depends on.
 *
 * @throws {ApiCallerError} `invalid_configuration`, `egress_refused` or `reserved_header`, naming the item
 */
export function readItems(requests: readonly BatchRequest[], settings: Settings): readonly BatchItem[] {
  const ids = new Map<string, string>();
  const items = requests.map((request, index) => readItem(request, { id: request.id ?? String(index + 1), settings }));
  for (const { id } of items) {
    if (ids.has(keyOf(id))) throw misconfigured(id, 'has the id of another one; ids are compared without case');
    ids.set(keyOf(id), id);
  }
  for (const { id, dependsOn } of items) {
    const unknown = dependsOn.find((other) => !ids.has(keyOf(other)));
    if (unknown !== undefined) throw misconfigured(id, `depends on "${printable(unknown, 40)}", which is not in the batch`);
  }
  return inOrder(items);
}

/** Graph compares ids without case. */
export function keyOf(id: string): string {
  return id.toLowerCase();
}

function readItem(request: BatchRequest, { id, settings }: { readonly id: string; readonly settings: Settings }): BatchItem {
  const { method, url, body, dependsOn = [] } = request;
  const name = method.toUpperCase();
  if (!METHODS.has(name)) throw misconfigured(id, `has the method "${printable(method, 20)}", which no batch takes`);
  // The item is sent on by the API itself, where a full URL could name another one.
  if (/^[a-z][a-z0-9+.-]*:/i.test(url))
    throw new ApiCallerError('egress_refused', `Request ${printable(id, 40)} of the batch has a full URL; write a path`);
  resolveTarget(settings.egress, url);
  const headers = readHeaders(request.headers);
  const typed = body === undefined || headers['content-type'] !== undefined;
  return {
    id,
    method: name,
    url: url.startsWith('/') ? url : `/${url}`,
    headers: typed ? headers : { 'content-type': 'application/json', ...headers },
    body,
    dependsOn,
  };
}

/** Depth first, so that what belongs together stays close. */
function inOrder(items: readonly BatchItem[]): readonly BatchItem[] {
  const byKey = new Map(items.map((item) => [keyOf(item.id), item]));
  const placed = new Set<BatchItem>();
  const open = new Set<BatchItem>();
  const place = (item: BatchItem): void => {
    if (placed.has(item)) return;
    if (open.has(item)) throw misconfigured(item.id, 'depends on itself, by way of others perhaps');
    open.add(item);
    for (const id of item.dependsOn) {
      const other = byKey.get(keyOf(id));
      if (other !== undefined) place(other);
    }
    open.delete(item);
    placed.add(item);
  };
  for (const item of items) place(item);
  return [...placed];
}

function misconfigured(id: string, problem: string): ApiCallerError {
  return new ApiCallerError('invalid_configuration', `Request ${printable(id, 40)} of the batch ${problem}`);
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
