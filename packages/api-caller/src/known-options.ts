/** That options are ones that exist: one that is misspelt would have no effect, and nobody would know. */
import { ApiCallerError, printable } from './errors.ts';

/** Every option by name. The compiler sees that none is missing. */
export type OptionNames<O extends object> = Readonly<Record<keyof O & string, true>>;

/**
 * @param known.of  whose options they are, for the message
 * @throws {ApiCallerError} `invalid_configuration`
 */
export function requireKnownOptions<O extends object>(
  given: O,
  { of, names }: { readonly of: string; readonly names: OptionNames<O> },
): void {
  for (const name in given) {
    if (Object.hasOwn(names, name)) continue;
    throw new ApiCallerError('invalid_configuration', `The option "${printable(name, 40)}" of ${of} is not known; it would have no effect`);
  }
}
