/** Many requests in one: `POST $batch`. Each is answered as if it had come by itself, rules and journal included. Graph: JSON batching; OData JSON 4.01 §19. */
import { API_PATH } from '../api-resource.ts';
import type { Checks } from '../checks/checks.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import { type BatchItem, keyOf, readItems } from './batch-items.ts';
import type { GraphRefusal, GraphSuccess } from './graph-answer.ts';
import { requireJson } from './json-body.ts';
import type { ApiCall, ApiRoute } from './route.ts';

export const BATCH_ROUTE: ApiRoute = { method: 'POST', path: /^\$batch$/, answer: answerBatch };

/** Always 200: what became of each item stands in its own status. */
async function answerBatch(checks: Checks<GraphRefusal>, { request, perform }: ApiCall): Promise<GraphSuccess> {
  const items = readItems(checks, requireJson(checks, request));
  const responses = new Map<string, ItemResponse>();
  for (const item of items) {
    const isLost = item.dependsOn.some((key) => (responses.get(key)?.status ?? 0) >= 400);
    const response = isLost ? failedDependency(item) : describe(item, await perform(requestOf(item, request)));
    responses.set(keyOf(item.id), response);
  }
  // The order means nothing, and whoever relies on it should notice: so it is never that of the requests.
  return { body: { responses: [...responses.values()].reverse() } };
}

interface ItemResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function requestOf({ method, target, headers, body }: BatchItem, batch: MockRequest): MockRequest {
  const [path = '', ...query] = target.split('?');
  return {
    ...batch,
    method,
    target: `${API_PATH}${target}`,
    path: `${API_PATH}${path}`,
    query: new URLSearchParams(query.join('?')),
    headers,
    body,
  };
}

/** What happens to connections cannot happen to an item: where nothing is sent, the service in front of the API has waited in vain. */
function describe({ id }: BatchItem, { status, headers, body }: Answer): ItemResponse {
  if (status === 0) return failure(id, { status: 504, code: 'UnknownError', message: 'The request was not answered in time.' });
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  const type: Readonly<Record<string, string>> = body === undefined || isText ? {} : { 'content-type': 'application/json' };
  return {
    id,
    status,
    headers: Object.fromEntries(Object.entries({ ...type, ...headers }).map(([name, value]) => [capitalised(name), value])),
    ...(body === undefined ? {} : { body: isText ? Buffer.from(body).toString('base64') : body }),
  };
}

function failedDependency({ id }: BatchItem): ItemResponse {
  return failure(id, { status: 424, code: 'FailedDependency', message: 'A request that this one depends on has failed.' });
}

function failure(id: string, { status, code, message }: Pick<GraphRefusal, 'status' | 'code' | 'message'>): ItemResponse {
  return { id, status, headers: { 'Content-Type': 'application/json' }, body: { error: { code, message } } };
}

/** `Retry-After`, as Graph writes names here: JSON knows nothing of fields that have no case. */
function capitalised(name: string): string {
  return name.replace(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
