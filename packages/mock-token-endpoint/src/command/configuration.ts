/** The file of `--config`: options and rules of a mock as JSON. */
import { readFile } from 'node:fs/promises';
import { MockError } from '../errors.ts';

/** What the file says; whoever starts the mock and adds the rules judges it. */
export interface Configuration {
  /** Members of `MockOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Each a `MockRule`. */
  readonly rules: readonly unknown[];
}

/**
 * Reads a JSON object with members of `MockOptions`, and `rules`.
 *
 * @throws {MockError} `invalid_option`, naming the file, when it cannot be read or is no such object
 */
export async function readConfiguration(file: string): Promise<Configuration> {
  const fail = (what: string, cause?: unknown) => new MockError('invalid_option', `--config ${file} ${what}`, { cause });
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail(`cannot be read (${cause.code}): name a JSON file`, cause);
  });
  const content = parseJson(text, (cause) => fail(`is no JSON: ${cause}`, cause));
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw fail('is no JSON object: write options as its members, such as {"tokenLifetimeSeconds": 60}');
  }
  const { rules = [], ...options } = content as Record<string, unknown>;
  if (!Array.isArray(rules)) throw fail('has rules that are no list: write "rules": [{"answer": {"status": 503}}]');
  return { options, rules };
}

function parseJson(text: string, explain: (cause: unknown) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw explain(cause);
  }
}
