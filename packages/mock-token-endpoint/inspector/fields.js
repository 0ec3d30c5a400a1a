// @ts-check
/** A list of fields: name, value, and what it means. A credential is masked until its own button reveals it. */
import { element, shorten } from './dom.js';
import { explain } from './explain.js';
import { mask } from './mask.js';
import { numericDateInWords } from './time.js';

/** @import { Part } from './explain.js' */

/**
 * What a field belongs to: when its exchange was, and which of the exchange's fields are revealed.
 *
 * @typedef {{ atMs: number, revealed: Set<string> }} Context
 */

/**
 * The name under which a field is revealed.
 *
 * @param {Part} part
 * @param {string} name
 */
export function fieldKey(part, name) {
  return `${part} ${name}`;
}

/**
 * @param {Part} part
 * @param {Iterable<[string, unknown]>} fields  a value that is no string is shown as JSON
 * @param {Context} context
 */
export function fieldList(part, fields, context) {
  const all = [...fields];
  const list = element(
    'dl',
    { class: 'fields' },
    ...all.slice(0, MOST_FIELDS).map(([name, value]) => field(part, { name, value }, context)),
  );
  if (all.length > MOST_FIELDS)
    list.append(element('div', { class: 'field' }, element('dt', {}, `… and ${all.length - MOST_FIELDS} more`)));
  return list;
}

/**
 * @param {Part} part
 * @param {{ name: string, value: unknown }} field
 * @param {Context} context
 */
function field(part, { name, value }, context) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '');
  const date = DATES.has(name) ? numericDateInWords(value, context) : undefined;
  const isNumberAsText = JSON_PARTS.has(part) && typeof value === 'string' && /^-?\d+$/.test(value);
  return element(
    'div',
    { class: 'field' },
    element('dt', {}, element('code', {}, shorten(name, LONGEST_NAME))),
    element(
      'dd',
      { class: 'value' },
      ...valueNodes({ name, text, key: fieldKey(part, name) }, context),
      ...(date === undefined ? [] : [element('span', { class: 'date' }, date)]),
      ...(isNumberAsText ? [element('span', { class: 'date' }, 'a string, not a number')] : []),
    ),
    element('dd', { class: 'meaning' }, explain(part, name)),
  );
}

/**
 * The value, and for a credential the button that reveals it.
 *
 * @param {{ name: string, text: string, key: string }} field
 * @param {Context} context
 * @returns {(Node | string)[]}
 */
export function valueNodes({ name, text, key }, { revealed }) {
  const masked = mask(name, text);
  const shown = element('code', {});
  if (masked === text) {
    shown.textContent = shorten(text, LONGEST_VALUE);
    return [shown];
  }
  const button = element('button', {
    type: 'button',
    class: 'small reveal',
    'aria-label': `Reveal ${name}`,
    onclick: () => {
      if (!revealed.delete(key)) revealed.add(key);
      draw();
    },
  });
  function draw() {
    const isRevealed = revealed.has(key);
    shown.textContent = shorten(isRevealed ? text : masked, LONGEST_VALUE);
    button.textContent = isRevealed ? 'Hide' : 'Reveal';
    button.setAttribute('aria-pressed', String(isRevealed));
  }
  draw();
  return [shown, button];
}

const MOST_FIELDS = 200;
const LONGEST_NAME = 200;
const LONGEST_VALUE = 10_000;
const DATES = new Set(['exp', 'nbf', 'iat', 'auth_time', 'expires_on', 'not_before']);
const JSON_PARTS = new Set(['joseHeader', 'claim', 'answerMember']);
