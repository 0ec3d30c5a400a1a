// @ts-check
/** The keys of the page: what they do, and the dialog that lists them. */
import { element, find } from './dom.js';

/** @typedef {{ keys: readonly string[], meaning: string, run?: () => void }} Binding  without `run` it is listed only: another part listens for it */

/** @param {readonly Binding[]} bindings */
export function listenForKeys(bindings) {
  const help = find('help', HTMLDialogElement);
  const all = [...bindings, { keys: ['?'], meaning: 'Show these keys', run: () => help.showModal() }];
  find('help-keys', HTMLDListElement).replaceChildren(...all.map(helpItem));
  find('help-open', HTMLButtonElement).addEventListener('click', () => help.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (isTyping(event.target) && event.key !== 'Escape') return;
    const binding = all.find(({ keys, run }) => run && keys.includes(event.key));
    if (!binding?.run) return;
    event.preventDefault();
    binding.run();
  });
}

/** @param {Binding} binding */
function helpItem({ keys, meaning }) {
  const names = keys.flatMap((key) => [' ', element('kbd', {}, key)]).slice(1);
  return element('div', {}, element('dt', {}, ...names), element('dd', {}, meaning));
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}
