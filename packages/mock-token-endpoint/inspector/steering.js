// @ts-check
/** The panel that steers the mock: clock, faults, what is scripted, reset. What it shows is asked for again after everything it does, and drawn again where it has changed. */
import { createClock } from './clock.js';
import { element, find, say } from './dom.js';
import { createFaults } from './faults.js';
import { answerInWords, matchInWords } from './scripted-answer.js';

/** @import { MockAnswer } from '../src/faults/answer.ts' */

/**
 * A rule as the control interface lists it.
 *
 * @typedef {{ id: number, match?: Readonly<Record<string, any>>, left?: number, answer: MockAnswer }} Rule
 */
/** @typedef {{ match?: Readonly<Record<string, any>>, answer: MockAnswer }} Queued */

/**
 * @param {{ api: import('./api.js').Api, answers: import('./faults.js').Answers }} options
 * @returns {{ refresh: () => Promise<void> }}
 */
export function createSteering({ api, answers }) {
  /** @type {readonly Rule[]} */
  let rules = [];
  /** What is drawn, as JSON. */
  let drawn = '';
  let turn = 0;

  const refresh = async () => {
    turn += 1;
    const own = turn;
    const [clockState, listed, queued] = await Promise.all([api.get('clock'), api.get('rules'), api.get('queue')]);
    // Somebody asked later, and may have been answered sooner.
    if (own !== turn) return;
    clock.show(clockState);
    const found = JSON.stringify([listed.rules, queued.queue]);
    if (found === drawn) return;
    drawn = found;
    rules = listed.rules;
    faults.show((answer) => findEvery(answer) !== undefined);
    showScripted(queued.queue);
  };

  /** @param {() => Promise<unknown>} action */
  const perform = (action) => {
    const problem = find('problem', HTMLParagraphElement);
    action()
      .then(refresh)
      .then(
        () => say(problem, ''),
        (error) => say(problem, error.message),
      );
  };

  /** The rule that gives `answer` to every request. @param {MockAnswer} answer */
  const findEvery = (answer) => rules.find((rule) => isForAll(rule) && answerInWords(rule.answer) === answerInWords(answer));

  /** @param {readonly Queued[]} queue */
  const showScripted = (queue) => {
    const rows = [
      ...queue.map(({ match, answer }) => scriptedRow(answer, matchInWords('the next token request', match))),
      ...rules.map((rule) =>
        scriptedRow(rule.answer, forWhom(rule), {
          id: `remove-rule-${rule.id}`,
          onPress: () => perform(() => api.remove(`rules/${rule.id}`)),
        }),
      ),
    ];
    const empty = { type: 'button', id: 'empty-queue', onclick: () => perform(() => api.remove('queue')) };
    if (queue.length > 0) rows.push(element('li', {}, element('button', empty, 'Empty the queue')));
    if (rows.length === 0) rows.push(element('li', { class: 'muted' }, 'Nothing: every answer is honest.'));
    replaceRows(find('scripted', HTMLUListElement), rows);
  };

  const clock = createClock({ api, perform });
  const faults = createFaults(answers, {
    next: (answer) => perform(() => api.post('queue', { answer })),
    toggle: (answer) => {
      const rule = findEvery(answer);
      perform(() => (rule ? api.remove(`rules/${rule.id}`) : api.post('rules', { answer })));
    },
  });
  find('reset', HTMLButtonElement).addEventListener('click', () => perform(() => api.post('reset')));
  return { refresh };
}

/** @param {Rule} rule */
function isForAll({ match = {}, left }) {
  return left === undefined && Object.keys(match).length === 0;
}

/** @param {Rule} rule */
function forWhom({ match, left }) {
  if (left === undefined) return matchInWords('every request', match);
  return matchInWords(left === 1 ? 'the next request' : `the next ${left} requests`, match);
}

/**
 * The focus stays on the button it is on, or on the panel when that button is gone.
 *
 * @param {HTMLUListElement} place
 * @param {readonly HTMLLIElement[]} rows
 */
function replaceRows(place, rows) {
  const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
  place.replaceChildren(...rows);
  if (focused) (document.getElementById(focused) ?? find('steering', HTMLElement)).focus({ preventScroll: true });
}

/**
 * @param {MockAnswer} answer
 * @param {string} whom
 * @param {{ id: string, onPress: () => void }} [remove]  the button that removes it
 */
function scriptedRow(answer, whom, remove) {
  const what = answerInWords(answer);
  return element(
    'li',
    {},
    element('div', {}, element('code', {}, what), element('p', { class: 'muted' }, whom)),
    ...(remove
      ? [element('button', { type: 'button', id: remove.id, 'aria-label': `Remove ${what}`, onclick: remove.onPress }, 'Remove')]
      : []),
  );
}
