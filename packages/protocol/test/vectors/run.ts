/** Runs vectors without a test framework, so that other runtimes can run them too. */
import { deepStrictEqual } from 'node:assert';
import type { Adapter, Vector } from './vector.ts';

/** Throws unless the adapter does what the vector says. */
export async function runVector({ input, output, error }: Vector, adapter: Adapter): Promise<void> {
  let actual: unknown;
  try {
    // As JSON, so that `undefined` members count as absent, as they do in any other language.
    actual = JSON.parse(JSON.stringify({ output: await adapter(input) }));
  } catch (thrown) {
    actual = { error: (thrown as { readonly code?: unknown }).code ?? String(thrown) };
  }
  deepStrictEqual(actual, error === undefined ? { output } : { error });
}
