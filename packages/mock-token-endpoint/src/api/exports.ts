/** A long-running operation: an export that is asked for, is under way for some polls, and then is there or has failed. Graph: long-running actions. */
import type { Checks } from '../checks/checks.ts';
import { badRequest, type GraphRefusal, type GraphSuccess } from './graph-answer.ts';
import { requireCount } from './items.ts';
import type { ApiCall, ApiRoute } from './route.ts';

/** An export, by the id it shares with its operation. */
export interface Export {
  readonly tenantId: string;
  readonly createdAtMs: number;
  readonly outcome: string;
  /** What `Retry-After` says until it is done. */
  readonly retryAfterSeconds: number;
  /** How many polls find it under way. */
  readonly pollsInAll: number;
  readonly pollsSoFar: number;
}

export const EXPORT_ROUTES: readonly ApiRoute[] = [
  { method: 'POST', path: /^exports$/, answer: beginExport },
  { method: 'GET', path: /^operations\/([^/]+)$/, answer: pollOperation },
  { method: 'GET', path: /^exports\/([^/]+)$/, answer: readExport },
];

/** 202 with the address of the operation, under each of the names that APIs have for it. */
function beginExport(checks: Checks<GraphRefusal>, { request: { query }, services, caller, baseUrl }: ApiCall): GraphSuccess {
  const outcome = query.get('outcome') ?? 'succeeded';
  checks.require(['succeeded', 'failed'].includes(outcome), {
    name: 'outcome is succeeded or failed',
    section: 'Mock: query',
    refusal: badRequest(`'outcome' is '${outcome}': give succeeded or failed.`),
  });
  const begun: Export = {
    tenantId: caller.tenantId,
    createdAtMs: services.clock.now(),
    outcome,
    retryAfterSeconds: requireCount(checks, { query, name: 'retryAfter', usual: 1, least: 0, most: 3600 }),
    pollsInAll: requireCount(checks, { query, name: 'polls', usual: 2, least: 0, most: 1000 }),
    pollsSoFar: 0,
  };
  const id = services.uniqueId();
  services.api.exports.set(id, begun);
  const location = `${baseUrl}operations/${id}`;
  const names = ['location', 'operation-location', 'azure-asyncoperation'];
  return { status: 202, headers: { ...Object.fromEntries(names.map((name) => [name, location])), ...retryAfter(begun) } };
}

/** 200 with a status: `notStarted` to the first poll, `running` to others, and at last what became of it. */
function pollOperation(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  const { services, key: id, baseUrl } = call;
  const before = findExport(checks, call);
  const operation = { ...before, pollsSoFar: Math.min(before.pollsSoFar + 1, before.pollsInAll + 1) };
  services.api.exports.set(id, operation);
  const status = statusOf(operation);
  return {
    headers: isDone(operation) ? {} : retryAfter(operation),
    body: {
      '@odata.context': `${baseUrl}$metadata#operations/$entity`,
      id,
      createdDateTime: new Date(operation.createdAtMs).toISOString(),
      status,
      ...(status === 'succeeded' ? { resourceLocation: `${baseUrl}exports/${id}` } : {}),
      ...(status === 'failed' ? { error: { code: 'exportFailed', message: 'The export could not be made.' } } : {}),
    },
  };
}

/** There only once a poll has said so. */
function readExport(checks: Checks<GraphRefusal>, call: ApiCall): GraphSuccess {
  const made = findExport(checks, call);
  checks.require(isDone(made) && made.outcome === 'succeeded', {
    name: 'the export has succeeded',
    section: 'Graph: long-running actions',
    refusal: notFound(call.key),
  });
  return {
    body: {
      '@odata.context': `${call.baseUrl}$metadata#exports/$entity`,
      id: call.key,
      content: `The export took ${made.pollsInAll} polls.`,
    },
  };
}

function findExport(checks: Checks<GraphRefusal>, { services, caller, key }: ApiCall): Export {
  const found = services.api.exports.get(key);
  checks.require(found?.tenantId === caller.tenantId, {
    name: 'the operation exists',
    section: 'RFC 9110 §15.5.5',
    refusal: notFound(key),
  });
  return found;
}

function statusOf(operation: Export): string {
  if (isDone(operation)) return operation.outcome;
  return operation.pollsSoFar === 1 ? 'notStarted' : 'running';
}

function isDone({ pollsInAll, pollsSoFar }: Export): boolean {
  return pollsSoFar > pollsInAll;
}

function retryAfter({ retryAfterSeconds }: Export): Record<string, string> {
  return { 'retry-after': String(retryAfterSeconds) };
}

function notFound(id: string): GraphRefusal {
  return { status: 404, code: 'itemNotFound', message: `Resource '${id}' does not exist.` };
}
