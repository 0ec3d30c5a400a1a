// @ts-check
/** One exchange in full: verdict, request, assertion, answer, token. */
import { answerSections } from './answer-sections.js';
import { curlCommand } from './curl.js';
import { element, find, shorten } from './dom.js';
import { fieldKey } from './fields.js';
import { maskTarget } from './mask.js';
import { requestSections } from './request-sections.js';
import { statusChip } from './status-chip.js';
import { dateInWords, durationInWords } from './time.js';
import { verdictSection } from './verdict.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * @typedef {object} Detail
 * @property {(entry: JournalEntry) => void} show
 * @property {(...content: Node[]) => void} clear  shows this in place of an exchange
 * @property {() => void} focus
 * @property {() => void} copy  the request as a command, when an exchange is shown
 */

/**
 * @param {{ origins: Readonly<Record<string, string>> }} options  by the listener's name
 * @returns {Detail}
 */
export function createDetail({ origins }) {
  const place = find('detail', HTMLElement);
  // For as long as the exchange is kept: what was revealed once is still so when one comes back to it.
  /** @type {WeakMap<JournalEntry, Set<string>>} */
  const revealedFields = new WeakMap();
  /** @type {JournalEntry | undefined} */
  let shown;

  /** @param {JournalEntry} entry */
  const revealedOf = (entry) => {
    const revealed = revealedFields.get(entry) ?? new Set();
    revealedFields.set(entry, revealed);
    return revealed;
  };
  const copy = async () => {
    if (!shown) return;
    const revealed = revealedOf(shown);
    const command = curlCommand(shown, { origins, isRevealed: (part, name) => revealed.has(fieldKey(part, name)) });
    const copied = await navigator.clipboard.writeText(command).then(
      () => true,
      () => false,
    );
    // Shown as well: so one sees what is masked, and can take it from here when the browser does not let a page copy.
    find('command-text', HTMLPreElement).textContent = command;
    find('command', HTMLElement).hidden = false;
    find('command-state', HTMLParagraphElement).textContent = copied ? 'Copied:' : 'The browser did not let the page copy. Select this:';
  };

  return {
    show: (entry) => {
      shown = entry;
      const context = { atMs: entry.atMs, revealed: revealedOf(entry) };
      place.replaceChildren(
        head(entry, () => void copy()),
        verdictSection(entry),
        ...requestSections(entry, context),
        ...answerSections(entry, context),
      );
      place.scrollTop = 0;
    },
    clear: (...content) => {
      shown = undefined;
      place.replaceChildren(...content);
    },
    focus: () => place.focus(),
    copy: () => void copy(),
  };
}

/**
 * @param {JournalEntry} entry
 * @param {() => void} onCopy
 */
function head(entry, onCopy) {
  const facts = [
    ['Number', String(entry.id)],
    ['At', dateInWords(entry.atMs)],
    ['Took', durationInWords(entry.durationMs)],
    ['Listener', entry.listener],
    ['Tenant', entry.tenant],
    ['Client', entry.clientId],
  ];
  return element(
    'header',
    { class: 'detail-head' },
    element(
      'div',
      { class: 'pane-head' },
      element('h2', { id: 'detail-title' }, `${entry.method} `, element('code', {}, shorten(maskTarget(entry.path), LONGEST_TARGET))),
      element('button', { type: 'button', id: 'copy-curl', onclick: onCopy }, 'Copy as curl ', element('kbd', {}, 'c')),
    ),
    element(
      'div',
      { class: 'command', id: 'command', hidden: true },
      element('p', { id: 'command-state', class: 'muted', role: 'status' }),
      element('pre', { id: 'command-text', tabindex: '0', 'aria-label': 'The request as a curl command' }),
    ),
    element(
      'dl',
      { class: 'facts' },
      element('div', {}, element('dt', {}, 'Status'), element('dd', {}, statusChip(entry))),
      ...facts
        .filter(([, value]) => value !== undefined)
        .map(([name = '', value = '']) => element('div', {}, element('dt', {}, name), element('dd', {}, shorten(value, LONGEST_TARGET)))),
    ),
  );
}

const LONGEST_TARGET = 300;
