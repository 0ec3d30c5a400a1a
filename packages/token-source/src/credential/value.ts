/** A value that may change while the process runs: given as it is, or as a function that is asked each time. */
import type { MaybePromise } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';

/** A value, or a function that returns its present state. */
export type Value<T> = T | (() => MaybePromise<T>);

/**
 * The value now.
 *
 * @param name  what it is, for the message
 * @throws {TokenSourceError} `credential_unavailable` if the function fails; its error is the cause
 */
export async function currentValue<T extends string | object>(value: Value<T>, name: string): Promise<T> {
  if (typeof value !== 'function') return value;
  try {
    return await value();
  } catch (cause) {
    if (cause instanceof TokenSourceError) throw cause;
    throw new TokenSourceError('credential_unavailable', `The ${name} could not be had: the function that gives it failed`, { cause });
  }
}
