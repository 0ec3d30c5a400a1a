/** That options are ones that exist, each of its type: one that is misspelt would have no effect, and nobody would know. */
import { TokenSourceError } from '../errors.ts';

/** What `typeof` says, but for octets. */
type OptionType = 'string' | 'number' | 'boolean' | 'object' | 'function' | 'Uint8Array';

/** The types that each option may have. The compiler sees that none is missing. */
export type OptionTypes<O extends object> = Readonly<Record<keyof O & string, readonly OptionType[]>>;

/**
 * Throws unless all options are known and of their types; `undefined` counts as absent. The message holds no value.
 *
 * @param options.of  whose options they are, for the message
 * @throws {TokenSourceError} `invalid_configuration`
 */
export function requireKnownOptions<O extends object>(given: O, { of, types }: { of: string; types: OptionTypes<O> }): void {
  if (typeof given !== 'object' || given === null) throw invalid(`What is given to ${of} is no object`);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(types, name)) throw invalid(`The option "${name}" of ${of} is not known; it would have no effect`);
    const allowed = types[name as keyof O & string];
    const type = value instanceof Uint8Array ? 'Uint8Array' : typeof value;
    if (value === null || (type !== 'undefined' && !allowed.includes(type as OptionType)))
      throw invalid(`The option "${name}" of ${of} is ${value === null ? 'null' : `of type ${type}`}; give ${allowed.join(' or ')}`);
  }
}

function invalid(message: string): TokenSourceError {
  return new TokenSourceError('invalid_configuration', message);
}
