// @ts-check
/** What can be scripted: each fault with its two buttons, and any AADSTS code. */
import { element, find } from './dom.js';

/** @import { MockAnswer } from '../src/faults/answer.ts' */
/** @import { FaultName } from '../src/faults/faults.ts' */

/** @typedef {{ faults: readonly { name: FaultName, description: string }[], aadsts: readonly { code: number, error: string, status: number, message: string }[] }} Answers */

/**
 * @typedef {object} FaultActions
 * @property {(answer: MockAnswer) => void} next  for the next token request
 * @property {(answer: MockAnswer) => void} toggle  for every request, or no longer
 */

/**
 * @param {Answers} answers
 * @param {FaultActions} actions
 * @returns {{ show: (active: (answer: MockAnswer) => boolean) => void }}  says which are on for every request
 */
export function createFaults({ faults, aadsts }, actions) {
  const items = faults.map(({ name, description }) => {
    const answer = { fault: name };
    const toggle = element('button', { type: 'button', 'aria-label': `Every: ${name}`, onclick: () => actions.toggle(answer) }, 'Every');
    const row = element(
      'li',
      {},
      element('code', {}, name),
      element('button', { type: 'button', 'aria-label': `Next: ${name}`, onclick: () => actions.next(answer) }, 'Next'),
      toggle,
      element('p', { class: 'muted' }, description),
    );
    return { answer, toggle, row };
  });
  find('faults', HTMLUListElement).replaceChildren(...items.map(({ row }) => row));
  const codes = offerCodes(aadsts, actions);
  return {
    show: (isActive) => {
      for (const { answer, toggle } of items) toggle.setAttribute('aria-pressed', String(isActive(answer)));
      codes.show(isActive);
    },
  };
}

/**
 * @param {Answers['aadsts']} aadsts
 * @param {FaultActions} actions
 * @returns {{ show: (active: (answer: MockAnswer) => boolean) => void }}  says whether the code that stands there is on for every request
 */
function offerCodes(aadsts, { next, toggle }) {
  const input = find('aadsts-code', HTMLInputElement);
  const every = find('aadsts-every', HTMLButtonElement);
  /** @type {(answer: MockAnswer) => boolean} */
  let isOn = () => false;
  const showEvery = () => every.setAttribute('aria-pressed', String(input.value !== '' && isOn({ aadsts: Number(input.value) })));
  const meaning = find('aadsts-meaning', HTMLParagraphElement);
  find('aadsts-codes', HTMLDataListElement).replaceChildren(
    ...aadsts.map(({ code, message }) => element('option', { value: String(code) }, message)),
  );
  input.addEventListener('input', () => {
    const known = aadsts.find(({ code }) => code === Number(input.value));
    meaning.textContent = known
      ? `${known.status} ${known.error}: ${known.message}`
      : 'Not one the mock has words for; it is answered all the same.';
    showEvery();
  });
  find('aadsts-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const isEvery = event.submitter instanceof HTMLButtonElement && event.submitter.value === 'every';
    (isEvery ? toggle : next)({ aadsts: Number(input.value) });
  });
  return {
    show: (isActive) => {
      isOn = isActive;
      showEvery();
    },
  };
}
