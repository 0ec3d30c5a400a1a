// @ts-check
/** A scripted answer and what it is for, in words. */

/** @import { MockAnswer } from '../src/faults/answer.ts' */
/** @import { FaultName } from '../src/faults/faults.ts' */

/**
 * `fault html-502`, `AADSTS7000215`, `status 503 after 200 ms`.
 *
 * @param {MockAnswer} answer
 */
export function answerInWords(answer) {
  const members = /** @type {Readonly<Record<string, any>>} */ (answer);
  const known = WORDS.find(({ name }) => members[name] !== undefined);
  const what = known ? known.say(members[known.name], members) : 'the honest answer';
  return members['delayMs'] ? `${what} after ${members['delayMs']} ms` : what;
}

/**
 * Whether it was sent in place of the honest answer; otherwise it leaves a refusal what it is, or spoils it on its way.
 *
 * @param {MockAnswer} answer
 */
export function isReplacement(answer) {
  if ('fault' in answer) return FAULTS_IN_PLACE.has(answer.fault);
  return ['aadsts', 'redirect', 'status', 'body'].some((name) => name in answer);
}

/**
 * Which requests a rule or a queued answer is for: `every request with tenant contoso.example`.
 *
 * @param {string} which
 * @param {Readonly<Record<string, any>> | undefined} match
 */
export function matchInWords(which, match = {}) {
  const conditions = Object.entries(match).map(([name, value]) => `${name} ${value.pattern ?? value}`);
  return conditions.length === 0 ? which : `${which} with ${conditions.join(' and ')}`;
}

/** By the member that says what kind it is. @type {readonly { name: string, say: (value: any, answer: Readonly<Record<string, any>>) => string }[]} */
const WORDS = [
  { name: 'aadsts', say: (code) => `AADSTS${code}` },
  { name: 'fault', say: (fault) => `fault ${fault}` },
  { name: 'redirect', say: (status, { to }) => `redirect ${status} to ${to}` },
  { name: 'token', say: (changes) => `a token with ${JSON.stringify(changes)}` },
  { name: 'dateSkewSeconds', say: (seconds) => `a Date ${seconds} s off` },
  { name: 'status', say: (status) => `status ${status}` },
  { name: 'body', say: () => 'a body of its own' },
  { name: 'headers', say: (headers) => `the honest answer with ${Object.keys(headers).join(', ')}` },
];

/** Those that do not carry the honest answer. @type {ReadonlySet<FaultName>} */
const FAULTS_IN_PLACE = new Set(['no-answer', 'reset-before-headers', 'html-502', 'error-200', 'empty-403', 'endless-nonce']);
