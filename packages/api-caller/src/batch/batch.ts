/** Sends many requests in few: `$batch`, cut into twenties, throttled items again. Microsoft Graph, JSON batching. */
import { buildCall, type CallOptions, labelOf } from '../call.ts';
import { ACCEPT_JSON, readJson, withJson } from '../json.ts';
import { isIdempotent, retryDelayMs } from '../retry/decision.ts';
import { readRetryAfterMs } from '../retry/retry-after.ts';
import type { Sender } from '../send.ts';
import type { Settings } from '../settings.ts';
import { type BatchItem, type BatchRequest, keyOf, readItems } from './batch-item.ts';
import { type BatchResponse, readResponses } from './batch-response.ts';

/**
 * The answers in the order of the requests, whatever their status; an item that was not sent because one that it depends on has
 * failed has the status 424, as it has where the API decides so.
 *
 * Items that the API throttled, or that failed in passing, are sent again after the longest time that one of them names, if they
 * may be repeated; those that failed for one of them too.
 *
 * @param options.deadlineMs  for all of it. Default: the caller's `deadlineMs` for every twenty requests
 * @throws {ApiResponseError} if the API refuses the batch as a whole
 * @throws {ApiCallerError} `invalid_configuration`, `egress_refused` or `reserved_header` before anything is sent; as `postJson`
 * @see Combine multiple HTTP requests using JSON batching https://learn.microsoft.com/graph/json-batching
 */
export async function sendBatch(
  sender: Sender,
  settings: Settings,
  { requests, options = {} }: { readonly requests: readonly BatchRequest[]; readonly options?: CallOptions | undefined },
): Promise<readonly BatchResponse[]> {
  const items = readItems(requests, settings);
  const batch = new Batch(items, { sender, settings, options });
  const answers = await batch.run();
  return requests.map((request, index) => answers(request.id ?? String(index + 1)));
}

class Batch {
  readonly #parts: { readonly sender: Sender; readonly settings: Settings; readonly options: CallOptions };
  readonly #deadlineAtMs: number;
  readonly #answers = new Map<string, BatchResponse>();
  readonly #attempts = new Map<BatchItem, number>();
  #left: readonly BatchItem[];

  constructor(items: readonly BatchItem[], parts: { readonly sender: Sender; readonly settings: Settings; readonly options: CallOptions }) {
    const { settings, options } = parts;
    const deadlineMs = options.deadlineMs ?? settings.deadlineMs * Math.max(1, Math.ceil(items.length / MOST_ITEMS));
    this.#parts = parts;
    this.#deadlineAtMs = settings.now() + deadlineMs;
    this.#left = items;
  }

  async run(): Promise<(id: string) => BatchResponse> {
    const { sender, options } = this.#parts;
    while (this.#left.length > 0) {
      const items = this.#next();
      if (items.length === 0) break;
      const pauseMs = await this.#send(items);
      if (pauseMs > 0) await sender.pause(pauseMs, options.signal);
    }
    return (id) => this.#answers.get(keyOf(id)) ?? failedDependency(id);
  }

  /** The first twenty of those whose dependencies have not failed; the others are done with. */
  #next(): readonly BatchItem[] {
    this.#left = this.#left.filter((item) => {
      const isLost = item.dependsOn.some((id) => (this.#answers.get(keyOf(id))?.status ?? 0) >= 400);
      if (isLost) this.#answers.set(keyOf(item.id), failedDependency(item.id));
      return !isLost;
    });
    return this.#left.slice(0, MOST_ITEMS);
  }

  /** Returns how long to wait before the next ones. */
  async #send(items: readonly BatchItem[]): Promise<number> {
    const { sender, settings, options } = this.#parts;
    const deadlineMs = Math.max(1, this.#deadlineAtMs - settings.now());
    const body = { requests: items.map((item) => this.#written(item)) };
    const call = buildCall(settings, { path: '$batch', options: { ...withJson(options, 'POST', body), deadlineMs }, accept: ACCEPT_JSON });
    const answers = readResponses(await sender.send(call, (exchange) => readJson(exchange, settings)), items, labelOf(call));
    const again = new Map<string, number>();
    for (const item of items) {
      const answer = answers.get(keyOf(item.id));
      if (answer === undefined) continue;
      const delayMs = this.#delayMs(item, { answer, again });
      if (delayMs === undefined) this.#answers.set(keyOf(item.id), answer);
      else again.set(keyOf(item.id), delayMs);
    }
    this.#left = this.#left.filter(({ id }) => !answers.has(keyOf(id)) || again.has(keyOf(id)));
    return Math.max(0, ...again.values());
  }

  /** What has succeeded already need not be named, and could not be: it is in another batch. */
  #written({ id, method, url, headers, body, dependsOn }: BatchItem): object {
    const open = dependsOn.filter((other) => !this.#answers.has(keyOf(other)));
    return {
      id,
      method,
      url,
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== undefined && { body }),
      ...(open.length > 0 && { dependsOn: open }),
    };
  }

  /** After how long this item is sent again; `undefined` if its answer is final. */
  #delayMs(item: BatchItem, { answer, again }: { answer: BatchResponse; again: ReadonlyMap<string, number> }): number | undefined {
    const { now, maxAttempts, random } = this.#parts.settings;
    // It has not been tried: what it depends on will be.
    if (answer.status === FAILED_DEPENDENCY && item.dependsOn.some((id) => again.has(keyOf(id)))) return 0;
    const attempts = (this.#attempts.get(item) ?? 0) + 1;
    this.#attempts.set(item, attempts);
    const retryAfterMs = readRetryAfterMs(answer.headers, now());
    return retryDelayMs(
      { kind: 'response', status: answer.status, retryAfterMs },
      {
        isIdempotent: isIdempotent(item.method),
        isReplayable: true,
        attempts,
        maxAttempts,
        remainingMs: this.#deadlineAtMs - now(),
        random,
      },
    );
  }
}

/** Graph's own answer for an item that was not tried since another one has failed. */
function failedDependency(id: string): BatchResponse {
  return { id, status: FAILED_DEPENDENCY, headers: {}, body: undefined };
}

const FAILED_DEPENDENCY = 424;
const MOST_ITEMS = 20;
