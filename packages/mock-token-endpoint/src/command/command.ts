/** The bin from its arguments to its exit code: starts a mock, says where it is, and ends it when asked. */
import { MockError, type MockErrorCode } from '../errors.ts';
import { type MockOptions, readOptions } from '../options.ts';
import { startMockTokenEndpoint } from '../start.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { blamedOn, readConfiguration } from './configuration.ts';
import { writeCredentialFile } from './credential-file.ts';
import { summaryOf } from './summary.ts';
import { USAGE, VERSION } from './usage.ts';

/**
 * Runs until Ctrl-C, SIGTERM or SIGHUP, and returns the exit code: 0 ended as asked, 1 a fault of the mock, 2 arguments or configuration,
 * 4 the port cannot be had.
 *
 * @param args  what stands after the program's name
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  // Whoever read the output may leave, as `| head -1` does: that is no reason to end, and nothing more can be said.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    const parsed = parseArguments(args);
    if (parsed.help) process.stdout.write(USAGE);
    else if (parsed.version) process.stdout.write(`${VERSION}\n`);
    else await serve(parsed);
    return 0;
  } catch (error) {
    if (!(error instanceof MockError)) throw error;
    process.stderr.write(`mock-token-endpoint: ${error.message}\n`);
    return EXIT_CODES[error.code];
  }
}

async function serve({ options, config, json }: Arguments): Promise<void> {
  const asked = whenAskedToEnd();
  // Once the arguments are right, whatever option is wrong comes from the file.
  readOptions(options);
  const file = config === undefined ? { options: {}, rules: [] } : await readConfiguration(config);
  const given: MockOptions = { ...file.options, ...options };
  const mock = await startMockTokenEndpoint(given).catch((error: unknown) => {
    throw config === undefined ? error : blamedOn(config, error);
  });
  try {
    for (const rule of file.rules) mock.addRule(rule);
    process.stdout.write(
      json ? `${JSON.stringify(mock)}\n` : summaryOf(mock, { ...given, credentialFile: await writeCredentialFile(mock) }),
    );
    await asked;
  } finally {
    await mock.close();
  }
}

/** Resolves at the first signal; the next one does what it does to any process, and ends it at once. */
function whenAskedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    const listener = () => {
      for (const signal of SIGNALS) process.off(signal, listener);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, listener);
  });
}

// A terminal that is closed hangs up: the files hold keys, and must not stay.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_CODES: Readonly<Record<MockErrorCode, number>> = { invalid_option: 2, listen_failed: 4 };
