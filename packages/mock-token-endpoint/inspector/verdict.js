// @ts-check
/** What the server looked at, in order, and what it found. */
import { element } from './dom.js';
import { sectionUrl } from './explain.js';
import { countOfChecks, failedCheck, outcomeWord } from './outcome.js';
import { answerInWords, isReplacement } from './scripted-answer.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */
/** @import { Check } from '../src/checks/checks.ts' */

/** @param {JournalEntry} entry */
export function verdictSection(entry) {
  return element(
    'section',
    { 'aria-labelledby': 'verdict-title' },
    element('h3', { id: 'verdict-title' }, 'Verdict'),
    ...(entry.scripted
      ? [banner('scripted', `Scripted: ${answerInWords(entry.scripted)}.`, 'Whatever the checks below say, this was the answer.')]
      : []),
    verdictBanner(entry),
    ...(entry.checks.length > 0 ? [checkList(entry)] : []),
  );
}

/** @param {JournalEntry} entry */
function verdictBanner(entry) {
  const failed = failedCheck(entry);
  if (failed && entry.scripted && isReplacement(entry.scripted))
    return banner('scripted', `Without the script a check would have failed: ${failed.name}.`, sectionLink(failed.section));
  if (failed) {
    const reason = reasonIn(entry);
    const said = reason === '' ? [] : [element('span', { class: 'reason' }, reason)];
    return banner('refused', `Check failed: ${failed.name}.`, sectionLink(failed.section), ...said);
  }
  if (entry.checks.length === 0)
    return banner(outcomeWord(entry), 'Nothing was checked.', 'Documents and unknown paths are answered as they are asked for.');
  return banner('ok', `Sound: ${countOfChecks(entry)}.`);
}

/**
 * The server's own words: the first line of its error description.
 *
 * @param {JournalEntry} entry
 */
function reasonIn({ answer }) {
  try {
    const { error_description, error } = JSON.parse(answer.body ?? '');
    return String(error_description ?? error?.message ?? '').split('\r\n', 1)[0] ?? '';
  } catch {
    return '';
  }
}

/**
 * @param {'scripted' | ReturnType<typeof outcomeWord>} kind
 * @param {string} sentence
 * @param {...(Node | string)} more
 */
function banner(kind, sentence, ...more) {
  const rest = more.flatMap((each) => [' ', each]);
  return element('p', { class: 'banner', 'data-outcome': kind }, element('strong', {}, sentence), ...rest);
}

/**
 * Every check in the order it was made, folded away: the one that failed, if one did, is the last and stands in the banner.
 *
 * @param {JournalEntry} entry
 */
function checkList(entry) {
  const failed = failedCheck(entry) ? 1 : 0;
  const counts = `${entry.checks.length - failed} passed${failed ? ', the last failed' : ''}`;
  return element(
    'details',
    {},
    element('summary', {}, `What the server checked, in order: ${counts}`),
    element('ol', { class: 'checks' }, ...entry.checks.map(checkItem)),
  );
}

/** @param {Check} check */
function checkItem({ name, passed, section }) {
  return element(
    'li',
    { 'data-passed': String(passed) },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, passed ? '✓' : '✗'),
    element('span', { class: 'verdict' }, passed ? 'passed' : 'failed'),
    element('span', { class: 'name' }, name),
    sectionLink(section),
  );
}

/** @param {string} section */
function sectionLink(section) {
  const href = sectionUrl(section);
  return href
    ? element('a', { class: 'section', href, target: '_blank', rel: 'noreferrer' }, section)
    : element('span', { class: 'section' }, section);
}
