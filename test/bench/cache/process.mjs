/** Runs a measurement in a process of its own, so that none meets what another has left in the heap or taught the compiler. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const LONGEST_MS = 120_000;

/** What the program at this address prints: one line of JSON. */
export async function measure(program, ...args) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', fileURLToPath(program), ...args], { timeout: LONGEST_MS });
  return JSON.parse(stdout);
}
