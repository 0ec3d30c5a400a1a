/** Which scripted answer a request gets: the queue for token requests first, then the oldest rule that matches. */

import { isSameTenant } from '../directory/tenants.ts';
import type { Outcome } from '../outcome.ts';
import type { MockRequest } from '../server/http.ts';
import type { MockAnswer } from './answer.ts';
import { parseAnswer } from './parse-answer.ts';
import { parseClientMatch, parseRule } from './parse-rule.ts';
import { type ClientMatch, isDue, isMatch, type MockRule } from './rules.ts';

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
  /** How many requests have matched, if the rule goes by that. */
  readonly seen?: number;
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
  const takeRule = (subject: { request: MockRequest; outcome: Outcome }): ActiveRule | undefined => {
    const matching = rules.filter(({ match = {} }) => isMatch(match, subject));
    const due = matching.find((rule) => isDue(rule, rule.seen ?? 0));
    rules = rules.flatMap((rule) => (matching.includes(rule) ? (after(rule, { hasAnswered: rule === due }) ?? []) : rule));
    return due;
  };
  return {
    enqueue: (answer, match) => {
      queue = [...queue, { match: parseClientMatch(match), answer: parseAnswer(answer) }];
    },
    addRule: (value) => {
      const rule = parseRule(value);
      count += 1;
      const { times, skip, every } = rule;
      const counts = { ...(times === undefined ? {} : { left: times }), ...((skip ?? every) === undefined ? {} : { seen: 0 }) };
      rules = [...rules, { id: count, ...rule, ...counts }];
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
      return takeRule({ request, outcome })?.answer;
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

/** The rule after one more request that matches it; `undefined` when it has answered for the last time. */
function after({ left, seen, ...rule }: ActiveRule, { hasAnswered }: { hasAnswered: boolean }): ActiveRule | undefined {
  if (hasAnswered && left === 1) return undefined;
  return {
    ...rule,
    ...(left === undefined ? {} : { left: hasAnswered ? left - 1 : left }),
    ...(seen === undefined ? {} : { seen: seen + 1 }),
  };
}

function isMeant({ match }: { readonly match?: ClientMatch | undefined }, tenant: string | undefined): boolean {
  return tenant === undefined || isSameTenant(match?.tenant, tenant);
}
