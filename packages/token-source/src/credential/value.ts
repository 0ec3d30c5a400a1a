/** A value that may change while the process runs: given as it is, or as a function that is asked each time. */
import type { MaybePromise } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import { untilAborted } from '../until-aborted.ts';

/** A value, or a function that returns its present state. */
export type Value<T> = T | (() => MaybePromise<T>);

/**
 * The value now.
 *
 * @param context.name  what it is, for the message
 * @throws {TokenSourceError} `credential_unavailable` if the function fails; its error is the cause
 * @throws the signal's reason when it aborts, even if the function never ends
 */
export async function currentValue<T extends string | object>(
  value: Value<T>,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<T> {
  if (typeof value !== 'function') return value;
  try {
    return await untilAborted(() => value(), signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof TokenSourceError) throw cause;
    throw new TokenSourceError('credential_unavailable', `The ${name} could not be had: the function that gives it failed`, { cause });
  }
}
