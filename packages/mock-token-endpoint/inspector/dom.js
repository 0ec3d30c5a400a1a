// @ts-check
/** Finds and builds the page's elements. What a client sent becomes text: nothing here can parse HTML. */

/** @typedef {Readonly<Record<string, string | boolean | undefined | ((event: Event) => void)>>} Attributes */

/**
 * A new element. Of its attributes a function is a listener (`onclick`), `true` is set without a value, `false` and `undefined` are left out.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children  a string becomes a text node
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice('on'.length), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/**
 * The page's element with that id.
 *
 * @template {HTMLElement} Found
 * @param {string} id
 * @param {new () => Found} type
 * @returns {Found}
 */
export function find(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return found;
}

/**
 * Shows `text` in an element that is hidden while it has nothing to say.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
export function say(place, text) {
  write(place, text);
  place.hidden = text === '';
}

/**
 * Writes `text` unless it stands there already: what is written again is drawn, and in a live region read out, again.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * The first characters of a text of any length, and how many there are.
 *
 * @param {string} text
 * @param {number} limit
 */
export function shorten(text, limit) {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}
