/** How much memory is in use once all that can be collected is. Wants `--expose-gc`. */
import { setImmediate as turn } from 'node:timers/promises';

/** Bytes, those outside the heap of JavaScript included. */
export async function bytesInUse() {
  // What a finished call leaves behind is let go in the turns after it, and finalised objects only by the next collection.
  for (let pass = 0; pass < 3; pass += 1) {
    await turn();
    globalThis.gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
