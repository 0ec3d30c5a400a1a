/** What is told when a file is passed over: an event each time, and a warning of the process the first time for each reason. */
import { publish } from '../events.ts';
import type { Flaw } from './entry-file.ts';

export class Warnings {
  readonly #given = new Set<Flaw>();

  passedOver(path: string, { entry, flaw }: { entry: string; flaw: Flaw }): void {
    publish('store-failure', () => ({ cache: 'file', entry, operation: 'read', error: flaw }));
    if (this.#given.has(flaw)) return;
    this.#given.add(flaw);
    process.emitWarning(`${path} is passed over: ${MEANING[flaw]}`, { type: 'TokenCacheWarning', code: 'TOKEN_CACHE_FILE' });
  }
}

const MEANING: Readonly<Record<Flaw, string>> = {
  foreign: 'it is not a file that this user has written for a cache',
  link: 'it is a link, or has another name besides',
  mode: 'others than its owner may use it',
  size: 'it is larger than any entry',
  corrupt: 'it is not as it was written',
};
