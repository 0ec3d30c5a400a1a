/** The way of a request that has been read: judged, scripted, journaled. */
import { applyAnswer } from './faults/answer.ts';
import type { Outcome } from './outcome.ts';
import type { Answer, MockRequest } from './server/http.ts';
import type { Services } from './services.ts';
import type { Steering } from './steering.ts';

/** Says what `request` is answered with: what is scripted for it, or else what `judge` makes of it. By then the journal has it. */
export type Perform = (request: MockRequest, judge: () => Promise<Outcome> | Outcome) => Promise<Answer>;

export interface ExchangeParts {
  readonly services: Services;
  readonly steering: Steering;
  /** Whether it was refused before it was looked at: then nothing is scripted for it. */
  readonly isRefused: boolean;
}

export function createPerform({ services, steering, isRefused }: ExchangeParts): Perform {
  return async (request, judge) => {
    const startedAt = performance.now();
    const outcome = await judge();
    const scripted = isRefused ? undefined : steering.script.take(request, outcome);
    const answer = scripted ? await applyAnswer(scripted, { request, outcome, services }) : outcome.answer;
    if (answer.consent) services.directory.consent(answer.consent);
    // Before the answer leaves, so that whoever has an answer finds its entry.
    const durationMs = performance.now() - startedAt;
    steering.journal.add({ request, outcome, answer, scripted, atMs: services.clock.now(), durationMs });
    return answer;
  };
}
