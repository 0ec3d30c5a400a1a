#!/usr/bin/env node
/** The bin `mock-token-endpoint`: a mock in a process of its own. */
import { runCommand } from './command/command.ts';

void runCommand(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
