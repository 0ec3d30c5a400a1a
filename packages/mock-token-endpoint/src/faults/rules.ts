/** A rule: the answer that requests get, and which requests they are. */
import { isSameTenant } from '../directory/tenants.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { MockAnswer } from './answer.ts';

/** An answer for every request that matches, or for some of them. */
export interface MockRule {
  /** All that is given must hold; default everything matches. */
  readonly match?: MockMatch | undefined;
  /** How often it answers; default without end. */
  readonly times?: number | undefined;
  /** How many matching requests go by before the first it answers, counted whichever rule answers them; default 0. */
  readonly skip?: number | undefined;
  /** From that one on it answers every so-manieth, counted likewise: `skip: 9, every: 10` is every tenth. Default 1, which is each. */
  readonly every?: number | undefined;
  readonly answer: MockAnswer;
}

export interface MockMatch extends ClientMatch {
  /** A string equals the path without its query; a pattern is searched for in the path with its query. */
  readonly path?: string | RegExp | undefined;
  /** In any case. */
  readonly method?: string | undefined;
}

export interface ClientMatch {
  /** By GUID or domain name: the tenant of the path; for the API, the one of the token. The RFC face has none. */
  readonly tenant?: string | undefined;
  /** The client as the request names it; for the API, the token's `appid`. In any case. */
  readonly clientId?: string | undefined;
}

/** Whether all that `match` asks for holds. */
export function isMatch(
  { path, method, tenant, clientId }: MockMatch,
  { request, outcome }: { request: MockRequest; outcome: Outcome },
): boolean {
  return (
    // search() begins anew each time, whatever the pattern's flags are.
    (path === undefined || (typeof path === 'string' ? path === request.path : request.target.search(path) >= 0)) &&
    (method === undefined || isSameName(method, request.method)) &&
    (tenant === undefined || isSameTenant(tenant, outcome.tenant)) &&
    (clientId === undefined || isSameName(clientId, outcome.clientId))
  );
}

/** Whether the rule answers the next matching request, after `seen` of them. */
export function isDue({ skip = 0, every = 1 }: Pick<MockRule, 'skip' | 'every'>, seen: number): boolean {
  return seen >= skip && (seen - skip) % every === 0;
}

/** Whether both are given and equal in any case. */
export function isSameName(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}
