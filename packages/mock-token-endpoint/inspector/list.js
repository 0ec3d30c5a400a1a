// @ts-check
/** The live list of exchanges, newest first: bounded, filtered, and walked through with the keyboard. */
import { element, find, shorten } from './dom.js';
import { isWanted } from './filter.js';
import { shortOutcome } from './outcome.js';
import { statusChip } from './status-chip.js';
import { timeOfDay } from './time.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * @typedef {object} List
 * @property {(entries: readonly JournalEntry[]) => void} add  oldest first
 * @property {() => void} clear
 * @property {(step: number) => void} move  selects the exchange so many rows further down
 * @property {() => void} focus
 */

/**
 * @param {{ onSelect: (entry: JournalEntry) => void, onEnter: () => void }} options
 * @returns {List}
 */
export function createList({ onSelect, onEnter }) {
  const place = find('exchanges', HTMLDivElement);
  const filterText = find('filter-text', HTMLInputElement);
  const failedOnly = find('filter-failed', HTMLInputElement);
  /** Newest first. @type {{ entry: JournalEntry, row: HTMLDivElement }[]} */
  let items = [];
  /** @type {HTMLDivElement | undefined} */
  let selected;

  const visible = () => items.filter(({ row }) => !row.hidden);

  /** @param {{ entry: JournalEntry, row: HTMLDivElement }} item */
  const select = ({ entry, row }) => {
    selected?.setAttribute('aria-selected', 'false');
    selected = row;
    row.setAttribute('aria-selected', 'true');
    makeTabStop();
    onSelect(entry);
  };

  /** One row can be reached with Tab: the selected one, or the first. The arrows do the rest. */
  const makeTabStop = () => {
    const shown = visible();
    const stop = shown.find(({ row }) => row === selected) ?? shown[0];
    for (const item of items) item.row.tabIndex = item === stop ? 0 : -1;
  };

  const filter = () => {
    const wanted = { text: filterText.value, failedOnly: failedOnly.checked };
    for (const { entry, row } of items) row.hidden = !isWanted(entry, wanted);
    makeTabStop();
    const count = visible().length;
    find('count', HTMLSpanElement).textContent = count === items.length ? String(count) : `${count} of ${items.length}`;
    const empty = find('empty', HTMLParagraphElement);
    empty.hidden = count > 0;
    empty.textContent = items.length === 0 ? 'Nothing has been asked yet.' : 'No exchange is like that.';
  };

  /** @param {number} step */
  const move = (step) => {
    const shown = visible();
    const from = shown.findIndex(({ row }) => row === selected);
    const next = shown[from < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, from + step))];
    if (!next) return;
    select(next);
    next.row.focus();
  };

  filterText.addEventListener('input', filter);
  failedOnly.addEventListener('change', filter);
  place.addEventListener('click', (event) => {
    const item = items.find(({ row }) => event.target instanceof Node && row.contains(event.target));
    if (item) select(item);
  });
  place.addEventListener('keydown', (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -items.length, End: items.length };
    const step = Object.entries(steps).find(([key]) => key === event.key)?.[1];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter') enter();
    else return;
    event.preventDefault();
  });
  const enter = () => {
    const focused = items.find(({ row }) => row === document.activeElement);
    if (focused && focused.row !== selected) select(focused);
    onEnter();
  };
  filter();

  return {
    add: (entries) => {
      const added = entries
        .slice(-MOST_ROWS)
        .map((entry) => ({ entry, row: createRow(entry) }))
        .reverse();
      place.prepend(...added.map(({ row }) => row));
      items = [...added, ...items];
      for (const { row } of items.splice(MOST_ROWS)) row.remove();
      filter();
    },
    clear: () => {
      items = [];
      selected = undefined;
      place.replaceChildren();
      filter();
    },
    move,
    focus: () => (visible().find(({ row }) => row.tabIndex === 0)?.row ?? filterText).focus(),
  };
}

/** @param {JournalEntry} entry */
function createRow(entry) {
  const [path = ''] = entry.path.split('?', 1);
  const { mark, words } = shortOutcome(entry);
  return element(
    'div',
    { role: 'option', 'aria-selected': 'false', tabindex: '-1', class: 'exchange' },
    element(
      'div',
      { class: 'line' },
      element(
        'span',
        { class: 'what' },
        element('b', {}, entry.method),
        ' ',
        element('code', {}, shorten(path.replace(GUID, '$1…'), LONGEST_PATH)),
      ),
      element('time', { class: 'muted' }, timeOfDay(entry.atMs)),
    ),
    element(
      'div',
      { class: 'line' },
      element(
        'span',
        { class: 'how', title: shorten(words, LONGEST_TITLE) },
        ...(mark === '' ? [] : [element('span', { 'aria-hidden': 'true' }, mark), ' ']),
        shorten(words, LONGEST_PATH),
      ),
      statusChip(entry),
    ),
  );
}

const MOST_ROWS = 500;
const LONGEST_PATH = 160;
const LONGEST_TITLE = 2000;
// The first digits of a GUID are enough to tell tenants apart.
const GUID = /\b([0-9a-f]{4})[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
