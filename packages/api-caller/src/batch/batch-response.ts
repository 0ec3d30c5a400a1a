/** The answers in a batch's answer, each checked and found by its id. OData JSON 4.01 §19.4. */
import { ApiCallerError } from '../errors.ts';
import { type BatchItem, keyOf } from './batch-item.ts';

/** The answer to one request of a batch, whatever its status. */
export interface BatchResponse {
  readonly id: string;
  readonly status: number;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * The answers to these items, by the key of their id. They may come in any order.
 *
 * @throws {ApiCallerError} `response_error` unless there is one for every item
 */
export function readResponses(body: unknown, items: readonly BatchItem[], label: string): ReadonlyMap<string, BatchResponse> {
  const { responses } = (body ?? {}) as { readonly responses?: unknown };
  const answers = new Map((Array.isArray(responses) ? responses : []).filter(isAnswer).map((answer) => [keyOf(answer.id), answer]));
  return new Map(
    items.map(({ id }) => {
      const answer = answers.get(keyOf(id));
      if (answer === undefined) throw new ApiCallerError('response_error', `${label} answered without a response to request ${id}`);
      return [keyOf(id), { id, status: answer.status, headers: readFields(answer.headers), body: answer.body }];
    }),
  );
}

interface Answer {
  readonly id: string;
  readonly status: number;
  readonly headers?: unknown;
  readonly body?: unknown;
}

function isAnswer(value: unknown): value is Answer {
  const { id, status } = (value ?? {}) as Partial<Answer>;
  return typeof id === 'string' && Number.isInteger(status);
}

function readFields(headers: unknown): Readonly<Record<string, string>> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
