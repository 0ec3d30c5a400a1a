/** Faults below HTTP, and bodies that do not come at once. The honest answer is theirs too, as far as it gets. */
import type { Answer, Delivery } from '../server/http.ts';
import type { Fault } from './fault.ts';

export const noAnswer: Fault = {
  description: 'Nothing is ever sent; the connection stays open until the client leaves.',
  apply: () => nothing('no-answer'),
};

export const resetBeforeHeaders: Fault = {
  description: 'The connection is reset (RST) in place of an answer.',
  apply: () => nothing('reset-before-headers'),
};

export const resetAfterHeaders: Fault = {
  description: 'The connection is reset (RST) after the headers and the first half of the body.',
  apply: ({ outcome }) => ({ ...outcome.answer, delivery: 'reset-after-headers' }),
};

export const slowBody: Fault = {
  description: 'The honest answer comes in at most 20 pieces, 100 ms or delayMs apart.',
  apply: ({ outcome }) => ({ ...outcome.answer, delivery: 'slow-body' }),
};

export const endlessBody: Fault = {
  description: 'After the honest headers one blank comes every 500 ms or delayMs, without end.',
  apply: ({ outcome }) => ({ ...outcome.answer, delivery: 'endless-body' }),
};

export const oversizedBody: Fault = {
  description: 'The honest answer comes after so many blanks that it is valid JSON of 8 MiB.',
  apply: ({ outcome }) => ({ ...outcome.answer, delivery: 'oversized-body' }),
};

function nothing(delivery: Delivery): Answer {
  return { status: 0, headers: {}, delivery };
}
