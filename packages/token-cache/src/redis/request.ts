/** One command and its reply, within a time, and without a word of either in what goes wrong. */
import { TokenCacheError } from '../errors.ts';
import { type Wait, within } from '../time-limit.ts';
import type { Command } from './commands.ts';
import type { Connection } from './connection.ts';

/** @throws {TokenCacheError} `store_timeout`, `store_unavailable`; the reason of the signal */
export type Ask = (command: Command, options?: Omit<Wait<unknown>, 'timeoutMs'>) => Promise<unknown>;

export function askWithin(timeoutMs: number, connection: Connection): Ask {
  return (command, options) =>
    within(
      async (signal) => {
        try {
          return await connection(command, signal);
        } catch (error) {
          const reason = failureWord(error);
          throw new TokenCacheError('store_unavailable', `the Redis command ${command.name} failed: ${reason}`, { reason });
        }
      },
      { ...options, timeoutMs },
    );
}

/**
 * The word by which a failure is known: READONLY, OOM, NOPERM of a server, ECONNREFUSED of a connection, else the error's class. No
 * more of it is kept: servers quote arguments, and ioredis hangs the whole command with the value on its errors.
 */
function failureWord(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const word = /^[A-Z][A-Z0-9_]+(?= |$)/.exec(error.message)?.[0];
  const { code } = error as { code?: unknown };
  return word ?? (typeof code === 'string' ? code : error.constructor.name);
}
