// @ts-check
/** Puts the inspector together: who has the control token sees what the mock does, and steers it. */
import { ControlError, createApi } from './api.js';
import { forgetToken, takeToken } from './control-token.js';
import { createDetail } from './detail.js';
import { find, say } from './dom.js';
import { follow, pause } from './follow.js';
import { listenForKeys } from './keys.js';
import { createList } from './list.js';
import { outcomeWord } from './outcome.js';
import { createSteering } from './steering.js';
import { createWelcome } from './welcome.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

const WHERE_FROM = 'Open the inspector URL that the mock gives when it starts (inspectorUrl); it ends in #token= and the control token.';
const FRESH_MS = 2000;
const REFUSED = `The control token was refused: it is another mock's, or this one was started anew. ${WHERE_FROM}`;

// Another token in the fragment is the same page to the browser.
addEventListener('hashchange', () => location.reload());

const token = takeToken();
if (token === undefined) stop(`There is no control token. ${WHERE_FROM}`);
else start(createApi(token)).catch(giveUp);

/** @param {import('./api.js').Api} api */
async function start(api) {
  const [overview, answers] = await Promise.all([api.get(''), api.get('answers')]);
  const origins = { public: overview.authorityHost, mtls: overview.mtlsOrigin, local: overview.platformUrl };
  const detail = createDetail({ origins });
  const list = createList({ onSelect: detail.show, onEnter: detail.focus });
  const steering = createSteering({ api, answers });
  const panel = createPanel();
  const welcome = createWelcome(overview);
  const showWelcome = () => {
    welcome.setEmpty(true);
    detail.clear(...welcome.content);
  };
  const filterText = find('filter-text', HTMLInputElement);
  const failedOnly = find('filter-failed', HTMLInputElement);
  listenForKeys([
    { keys: ['j'], meaning: 'Next exchange; in the list also the arrow keys', run: () => list.move(1) },
    { keys: ['k'], meaning: 'Previous exchange', run: () => list.move(-1) },
    { keys: ['Enter'], meaning: 'Into the exchange' },
    { keys: ['Escape'], meaning: 'Back to the list', run: list.focus },
    { keys: ['/'], meaning: 'Filter by text', run: () => filterText.focus() },
    { keys: ['f'], meaning: 'Failed only, or all', run: () => failedOnly.click() },
    { keys: ['c'], meaning: 'Copy the request as curl; masked as it is shown', run: detail.copy },
    { keys: ['s'], meaning: 'Open or close the steering panel', run: panel.toggle },
  ]);
  say(find('profile', HTMLSpanElement), overview.profile);
  find('bar-end', HTMLDivElement).hidden = false;
  showWelcome();
  void keepFresh(steering);

  await follow(api, {
    onAnswer: (entries) => {
      showConnection('live', 'Live');
      list.add(entries);
      if (entries.length > 0) welcome.setEmpty(false);
      announceArrivals(entries);
      steering.refresh().catch(() => undefined);
    },
    onRestart: () => {
      list.clear();
      showWelcome();
      announce('The mock was reset.');
    },
    onSilence: (message) => showConnection('silent', `No answer, trying again (${message})`),
  });
  stop(REFUSED);
}

/**
 * Test code steers the mock too, and without a request: what the panel shows is asked for anew while somebody can see it.
 *
 * @param {ReturnType<typeof createSteering>} steering
 */
async function keepFresh(steering) {
  const connection = find('connection', HTMLParagraphElement);
  for (;;) {
    await pause(FRESH_MS);
    const isSeen = document.visibilityState === 'visible' && connection.dataset['state'] === 'live';
    if (isSeen) await steering.refresh().catch(() => undefined);
  }
}

/** The steering panel: beside the exchange where there is room, else over it. */
function createPanel() {
  const panel = find('steering', HTMLElement);
  const button = find('steering-toggle', HTMLButtonElement);
  /** @param {boolean} isOpen */
  const set = (isOpen) => {
    panel.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
  };
  const toggle = () => {
    const hadFocus = panel.contains(document.activeElement);
    const isOpen = panel.hidden !== false;
    set(isOpen);
    if (isOpen) panel.focus();
    else if (hadFocus) button.focus();
  };
  button.addEventListener('click', toggle);
  set(matchMedia('(min-width: 75rem)').matches);
  return { toggle };
}

/** @param {readonly JournalEntry[]} entries */
function announceArrivals(entries) {
  const last = entries.at(-1);
  if (!last) return;
  const count = entries.length === 1 ? 'An exchange' : `${entries.length} exchanges`;
  announce(`${count} arrived; the last: ${last.method}, ${last.status} ${outcomeWord(last)}.`);
}

/** For those who hear the page. @param {string} text */
function announce(text) {
  find('announcements', HTMLParagraphElement).textContent = text;
}

/**
 * @param {'live' | 'silent' | 'stopped'} state
 * @param {string} text
 */
function showConnection(state, text) {
  const place = find('connection', HTMLParagraphElement);
  // A live region is read out whenever it is written to.
  if (place.textContent === text) return;
  place.dataset['state'] = state;
  place.textContent = text;
}

/** @param {unknown} error */
function giveUp(error) {
  const isRefused = error instanceof ControlError && error.status === 401;
  stop(isRefused ? REFUSED : `The mock did not answer (${error}). Is it still running? Reload this page when it is.`);
}

/** @param {string} reason */
function stop(reason) {
  if (reason === REFUSED) forgetToken();
  showConnection('stopped', 'Stopped');
  find('panes', HTMLElement).hidden = true;
  find('bar-end', HTMLDivElement).hidden = true;
  say(find('notice', HTMLParagraphElement), reason);
}
