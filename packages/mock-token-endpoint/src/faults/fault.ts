/** What a fault is: one way in which an answer goes wrong between an honest server and its client. */
import type { Outcome } from '../outcome.ts';
import type { Answer } from '../server/http.ts';
import type { Services } from '../services.ts';

/** What a fault starts from: the honest outcome of a request, which has been read and judged by then. */
export interface Honest {
  readonly outcome: Outcome;
  readonly services: Services;
}

export interface Fault {
  /** One sentence for people who choose among faults. */
  readonly description: string;
  /** The answer to send in place of the honest one. */
  apply(honest: Honest): Answer | Promise<Answer>;
}
