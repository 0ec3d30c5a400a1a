/** The arguments of the bin, read into what they ask for. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { MockError } from '../errors.ts';

export interface Arguments {
  readonly help: boolean;
  readonly version: boolean;
  /** Whether to print one line of JSON in place of the summary. */
  readonly json: boolean;
  /** A file with options and rules. */
  readonly config: string | undefined;
  /** The members of `MockOptions` that were given; whoever starts the mock judges their values. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads the arguments after the program's name.
 *
 * @throws {MockError} `invalid_option` for one there is none of, or one without its value
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  const { port, profile, seed } = values;
  return {
    help: values.help ?? false,
    version: values.version ?? false,
    json: values.json ?? false,
    config: values.config,
    options: {
      ...(port === undefined ? {} : { port: parsePort(port) }),
      ...(values['no-tls'] ? { tls: false } : {}),
      ...(profile === undefined ? {} : { profile }),
      ...(seed === undefined ? {} : { seed }),
    },
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<typeof SYNTAX>> {
  try {
    return parseArgs({ ...SYNTAX, args: [...args] });
  } catch (cause) {
    throw new MockError('invalid_option', `${cause instanceof Error ? cause.message : cause}\nSee mock-token-endpoint --help`, { cause });
  }
}

/** `Number` would read an empty text as 0, and `0x50` as 80. */
function parsePort(text: string): number {
  if (/^[0-9]{1,5}$/.test(text)) return Number(text);
  throw new MockError('invalid_option', `--port is "${text}": give a whole number from 0, for a free one, to 65535`);
}

const SYNTAX = {
  options: {
    port: { type: 'string' },
    'no-tls': { type: 'boolean' },
    profile: { type: 'string' },
    config: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  },
} as const satisfies ParseArgsConfig;
