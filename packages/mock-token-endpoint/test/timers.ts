/** How the tests look at timers that wait. Those of the test runner come and go, so they are told apart by how long they are. */
import { createHook } from 'node:async_hooks';

const waiting = new Map<number, { readonly _idleTimeout?: number }>();

createHook({
  init: (id, type, _trigger, timer) => {
    if (type === 'Timeout') waiting.set(id, timer);
  },
  destroy: (id) => {
    waiting.delete(id);
  },
}).enable();

/** How many timers of `ms` wait that were set since this file was imported. */
export function timersOf(ms: number): number {
  return [...waiting.values()].filter(({ _idleTimeout }) => _idleTimeout === ms).length;
}
