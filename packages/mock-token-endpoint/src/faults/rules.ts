/** Which scripted answer a request gets: the queue for token requests first, then the oldest rule that matches. */
import { MockError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import { type MockAnswer, parseAnswer } from './answer.ts';

/** An answer for every request that matches, or for the first `times` of them. */
export interface MockRule {
  /** All that is given must hold; default everything matches. */
  readonly match?:
    | {
        /** A string equals the path without its query; a pattern is searched for in the path with its query. */
        readonly path?: string | RegExp | undefined;
        /** In any case. */
        readonly method?: string | undefined;
        /** The tenant as the path names it; for the API, the token's `tid`. In any case. */
        readonly tenant?: string | undefined;
        /** The client as the request names it; for the API, the token's `appid`. In any case. */
        readonly clientId?: string | undefined;
      }
    | undefined;
  /** Default without end. */
  readonly times?: number | undefined;
  readonly answer: MockAnswer;
}

export interface AddedRule {
  /** Counts from 1. */
  readonly id: number;
  remove(): void;
}

export interface Script {
  /** @throws {MockError} `invalid_option` when the answer cannot be sent */
  enqueue(answer: MockAnswer): void;
  /**
   * Adds a rule.
   *
   * @throws {MockError} `invalid_option` when the answer cannot be sent or `times` is no count
   */
  addRule(rule: MockRule): AddedRule;
  /** Takes the answer scripted for this request, if there is one. */
  take(request: MockRequest, outcome: Outcome): MockAnswer | undefined;
  clear(): void;
}

export function createScript(): Script {
  const queue: MockAnswer[] = [];
  let count = 0;
  const rules = new Set<{ readonly rule: MockRule; left: number }>();
  return {
    enqueue: (answer) => {
      queue.push(parseAnswer(answer));
    },
    addRule: (rule) => {
      const { times = Number.POSITIVE_INFINITY } = rule;
      if (!(times >= 1)) throw new MockError('invalid_option', `times is ${times}: give 1 or more, or leave it out for every request`);
      const entry = { rule: { ...rule, answer: parseAnswer(rule.answer) }, left: times };
      rules.add(entry);
      count += 1;
      return {
        id: count,
        remove: () => {
          rules.delete(entry);
        },
      };
    },
    take: (request, outcome) => {
      const queued = outcome.isTokenRequest ? queue.shift() : undefined;
      if (queued) return queued;
      for (const entry of rules) {
        if (!matches(entry.rule, { request, outcome })) continue;
        entry.left -= 1;
        if (entry.left <= 0) rules.delete(entry);
        return entry.rule.answer;
      }
      return undefined;
    },
    clear: () => {
      queue.length = 0;
      rules.clear();
    },
  };
}

function matches({ match = {} }: MockRule, { request, outcome }: { request: MockRequest; outcome: Outcome }): boolean {
  const { path, method, tenant, clientId } = match;
  return (
    (path === undefined || (typeof path === 'string' ? path === request.path : request.target.search(path) >= 0)) &&
    isSame(method, request.method) &&
    isSame(tenant, outcome.tenant) &&
    isSame(clientId, outcome.clientId)
  );
}

function isSame(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === found?.toLowerCase();
}
