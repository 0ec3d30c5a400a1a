/** The file of `--config`: options and rules of a mock as JSON. */
import { readFile } from 'node:fs/promises';
import { MockError } from '../errors.ts';
import { parseRule } from '../faults/parse-rule.ts';
import type { MockRule } from '../faults/rules.ts';
import { objectOf, type Shape } from '../option-shapes.ts';
import type { MockOptions } from '../options.ts';

export interface Configuration {
  /** Members of `MockOptions`; whoever starts the mock judges their values. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly rules: readonly MockRule[];
}

/**
 * Reads a JSON object with members of `MockOptions`, and `rules`. It is UTF-8, or UTF-16 after its byte order mark.
 *
 * @throws {MockError} `invalid_option` that begins with the file, when it cannot be read, is no such object, or has a rule that is none
 */
export async function readConfiguration(file: string): Promise<Configuration> {
  try {
    return readContent(decode(await readFile(file).catch(refuseToRead)));
  } catch (error) {
    throw blamedOn(file, error);
  }
}

/** The error to throw for what came of a file's content: an `invalid_option` begins with the file, anything else is as it was. */
export function blamedOn(file: string, error: unknown): unknown {
  const isInvalid = error instanceof MockError && error.code === 'invalid_option';
  return isInvalid ? new MockError('invalid_option', `--config ${file}: ${error.message}`, { cause: error }) : error;
}

function refuseToRead(cause: NodeJS.ErrnoException): never {
  const found = UNREADABLE.get(cause.code) ?? `it cannot be read (${cause.code})`;
  throw new MockError('invalid_option', `${found}; name a JSON file`, { cause });
}

/** A byte order mark is dropped. Windows PowerShell 5.1 writes one before UTF-8, and its `>` writes UTF-16. */
function decode(octets: Uint8Array): string {
  const isUtf16 = octets[0] === 0xff && octets[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(octets);
}

function readContent(text: string): Configuration {
  const content = parseJson(text);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new MockError('invalid_option', 'it is no JSON object: write options as its members, such as {"tokenLifetimeSeconds": 60}');
  }
  if (Object.hasOwn(content, 'now')) {
    throw new MockError('invalid_option', 'now is a function, and a file holds none: leave it out, or start the mock from code');
  }
  checkMembers(content, '');
  const { rules = [], ...options } = content as Record<string, unknown>;
  if (!Array.isArray(rules)) throw new MockError('invalid_option', 'rules is no list: write "rules": [{"answer": {"status": 503}}]');
  return { options, rules: rules.map(readRule) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MockError('invalid_option', `it is no JSON: ${cause}`, { cause });
  }
}

function readRule(rule: unknown, index: number): MockRule {
  try {
    return parseRule(rule);
  } catch (cause) {
    throw cause instanceof MockError ? new MockError(cause.code, `rules[${index}]: ${cause.message}`, { cause }) : cause;
  }
}

const UNREADABLE: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
]);

/** Only the names are looked at here. */
const anything: Shape = () => undefined;
const MEMBERS: Readonly<Record<Exclude<keyof MockOptions, 'now'> | 'rules', Shape>> = {
  port: anything,
  tls: anything,
  profile: anything,
  seed: anything,
  dpopNonce: anything,
  directory: anything,
  tenants: anything,
  resources: anything,
  tokenLifetimeSeconds: anything,
  journalEntries: anything,
  rules: anything,
};
const checkMembers = objectOf(MEMBERS);
