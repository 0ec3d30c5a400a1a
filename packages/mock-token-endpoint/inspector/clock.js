// @ts-check
/** The mock's clock: shown, advanced, and turned back. */
import { find, say, write } from './dom.js';
import { dateInWords, durationInWords } from './time.js';

/** @typedef {{ nowMs: number, aheadMs: number }} ClockState */

/**
 * @param {{ api: import('./api.js').Api, perform: (action: () => Promise<unknown>) => void }} options
 * @returns {{ show: (state: ClockState) => void }}
 */
export function createClock({ api, perform }) {
  /** @param {number} ms */
  const advance = (ms) => perform(() => api.post('clock', { advanceMs: ms }));
  find('clock-5-minutes', HTMLButtonElement).addEventListener('click', () => advance(300_000));
  find('clock-1-hour', HTMLButtonElement).addEventListener('click', () => advance(3_600_000));
  find('clock-reset', HTMLButtonElement).addEventListener('click', () => perform(() => api.remove('clock')));
  find('clock-custom', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    advance(find('clock-seconds', HTMLInputElement).valueAsNumber * 1000);
  });

  const readout = find('clock-now', HTMLTimeElement);
  /** @type {(ClockState & { shownAtMs: number }) | undefined} */
  let state;
  const draw = () => {
    if (!state) return;
    const { nowMs, aheadMs, shownAtMs } = state;
    // A clock of the test's own may stand still: only one that goes with this machine's is let run on here.
    const runs = Math.abs(nowMs - aheadMs - shownAtMs) < REAL_TIME_MS;
    write(readout, dateInWords(runs ? nowMs + Date.now() - shownAtMs : nowMs));
    say(find('clock-ahead', HTMLSpanElement), aheadMs > 0 ? `${durationInWords(aheadMs)} ahead` : '');
  };
  setInterval(draw, 1000);
  return {
    show: (next) => {
      // An answer is a little late, now more and now less: a clock that runs as it did is left alone, or its seconds would jump.
      const drift = state ? next.nowMs - state.nowMs - (Date.now() - state.shownAtMs) : 0;
      if (state && next.aheadMs === state.aheadMs && Math.abs(drift) < JITTER_MS) return;
      state = { ...next, shownAtMs: Date.now() };
      draw();
    },
  };
}

const REAL_TIME_MS = 10_000;
const JITTER_MS = 500;
