/** How options are refused: by name, with their value, and with what was expected. */
import { TokenCacheError } from './errors.ts';

export function invalid(name: string, value: unknown, expected: string): TokenCacheError {
  return new TokenCacheError('invalid_option', `${name} is ${describe(value)}, expected ${expected}`);
}

export function expectWithin(name: string, value: number | undefined, [least, most]: readonly [number, number]): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return;
  throw invalid(name, value, `a number from ${least} to ${most}`);
}

/** That something handed in as a store has what a store must have. */
export function expectStore(name: string, store: unknown): void {
  if (typeof store !== 'object' || store === null) throw invalid(name, store, 'a store');
  const methods = store as Readonly<Record<string, unknown>>;
  for (const method of ['read', 'write', 'delete']) {
    if (typeof methods[method] !== 'function') throw invalid(`${name}.${method}`, methods[method], 'a function');
  }
  const { lease } = methods as { lease?: unknown };
  if (lease !== undefined && typeof lease !== 'function') throw invalid(`${name}.lease`, lease, 'a function, or nothing');
}

/** What `setTimeout` can hold; beyond it a timer fires at once. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/** Objects by their kind alone: they may hold anything, and not all can be made a text. */
function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
