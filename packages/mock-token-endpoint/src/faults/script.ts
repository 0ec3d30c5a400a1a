/** Which scripted answer a request gets: the queue for token requests first, then the oldest rule that matches. */

import { isSameTenant } from '../directory/tenants.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { MockAnswer } from './answer.ts';
import { parseAnswer } from './parse-answer.ts';
import { parseClientMatch, parseRule } from './parse-rule.ts';
import { type ClientMatch, isMatch, type MockRule } from './rules.ts';

/** An answer for the next token request that matches. */
interface QueuedAnswer {
  readonly match?: ClientMatch | undefined;
  readonly answer: MockAnswer;
}

/** A rule that is in force. */
export interface ActiveRule extends MockRule {
  /** Counts from 1. */
  readonly id: number;
  /** How often it will still answer; without end when it says nothing of `times`. */
  readonly left?: number;
}

/** What it is given is looked at and copied: it may come from JavaScript or from JSON. */
export interface Script {
  /** @throws {MockError} `invalid_option` for an answer that cannot be sent, or a match that is none */
  enqueue(answer: unknown, match?: unknown): void;
  /**
   * Adds a rule and returns its id.
   *
   * @throws {MockError} `invalid_option` for a rule that is none
   */
  addRule(rule: unknown): number;
  /** Whether there was a rule of that id. */
  removeRule(id: number): boolean;
  rules(): readonly ActiveRule[];
  queue(): readonly QueuedAnswer[];
  /** Takes the answer scripted for this request, if there is one. */
  take(request: MockRequest, outcome: Outcome): MockAnswer | undefined;
  /** Drops the rules that match on `tenant`, or all. */
  clearRules(tenant?: string): void;
  /** Drops the queued answers that match on `tenant`, or all. */
  clearQueue(tenant?: string): void;
  clear(): void;
}

export function createScript(): Script {
  let queue: readonly QueuedAnswer[] = [];
  let rules: readonly ActiveRule[] = [];
  let count = 0;
  const use = (rule: ActiveRule) => {
    if (rule.left === undefined) return;
    const left = rule.left - 1;
    rules = rules.flatMap((each) => (each !== rule ? each : left > 0 ? { ...rule, left } : []));
  };
  return {
    enqueue: (answer, match) => {
      queue = [...queue, { match: parseClientMatch(match), answer: parseAnswer(answer) }];
    },
    addRule: (value) => {
      const rule = parseRule(value);
      count += 1;
      rules = [...rules, { id: count, ...rule, ...(rule.times === undefined ? {} : { left: rule.times }) }];
      return count;
    },
    removeRule: (id) => {
      const before = rules;
      rules = rules.filter((rule) => rule.id !== id);
      return rules.length < before.length;
    },
    rules: () => rules,
    queue: () => queue,
    take: (request, outcome) => {
      const queued = outcome.isTokenRequest ? queue.find(({ match = {} }) => isMatch(match, { request, outcome })) : undefined;
      if (queued) {
        queue = queue.filter((each) => each !== queued);
        return queued.answer;
      }
      const rule = rules.find(({ match = {} }) => isMatch(match, { request, outcome }));
      if (rule) use(rule);
      return rule?.answer;
    },
    clearRules: (tenant) => {
      rules = rules.filter((rule) => !isMeant(rule, tenant));
    },
    clearQueue: (tenant) => {
      queue = queue.filter((queued) => !isMeant(queued, tenant));
    },
    clear: () => {
      rules = [];
      queue = [];
    },
  };
}

function isMeant({ match }: { readonly match?: ClientMatch | undefined }, tenant: string | undefined): boolean {
  return tenant === undefined || isSameTenant(match?.tenant, tenant);
}
