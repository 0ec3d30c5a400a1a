/** What a route makes of a request: the honest answer, and what the journal and the rules want to know about it. */
import type { Assertion } from './assertion.ts';
import type { Check } from './checks/checks.ts';
import type { Answer } from './server/http.ts';
import type { Grant } from './tokens.ts';

export interface Outcome {
  readonly answer: Answer;
  readonly checks: readonly Check[];
  /** Whether this was a request to a token endpoint, good or bad: those take from the queue of answers. */
  readonly isTokenRequest: boolean;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly assertion?: Assertion | undefined;
  /** The tenant as the request or its token names it. */
  readonly tenant?: string | undefined;
  readonly clientId?: string | undefined;
  /** The claims of the access token the request carried, when its signature verified. */
  readonly tokenClaims?: Readonly<Record<string, unknown>> | undefined;
  /** What was granted, when something was: a rule may have it issued again with other claims. */
  readonly grant?: Grant | undefined;
}
