// @ts-check
/** Follows the journal by long polling, past resets and restarts of the mock. */
import { ControlError } from './api.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * @typedef {object} Follower
 * @property {(entries: readonly JournalEntry[]) => void} onAnswer  what is new, perhaps nothing; called at least every `WAIT_MS`
 * @property {() => void} onRestart  the journal has started over
 * @property {(message: string) => void} onSilence  nobody answers; it will be tried again
 */

/**
 * Ends only when the token is refused.
 *
 * @param {import('./api.js').Api} api
 * @param {Follower} follower
 */
export async function follow(api, { onAnswer, onRestart, onSilence }) {
  let after = 0;
  // After a reset the ids begin anew: by this number it is noticed, even when as many exchanges have come since.
  let clearings = 0;
  // The first answer comes at once, and tells that there is somebody.
  let waitMs = 0;
  let failures = 0;
  for (;;) {
    try {
      const answer = await api.get(`journal?after=${after}&clearings=${clearings}&limit=${LIMIT}&waitMs=${waitMs}`);
      if (after > 0 && (answer.clearings !== clearings || answer.lastId < after)) onRestart();
      ({ lastId: after, clearings } = answer);
      waitMs = WAIT_MS;
      failures = 0;
      onAnswer(answer.entries);
    } catch (error) {
      if (error instanceof ControlError && error.status === 401) return;
      waitMs = 0;
      failures += 1;
      onSilence(error instanceof Error ? error.message : String(error));
    }
    await pause(Math.min(LONGEST_PAUSE_MS, BREATH_MS * 2 ** failures));
  }
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const LIMIT = 500;
const WAIT_MS = 20_000;
// However busy the mock is, the page draws a few times a second and no more.
const BREATH_MS = 200;
const LONGEST_PAUSE_MS = 8_000;
