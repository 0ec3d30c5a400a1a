/** A program that writes entries to a file store until it is killed, and says which of them were written. Also how to know them again. */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type Store, TokenCacheError } from '@client-credentials/token-cache';

/** What is written: all that may be known of it follows from its expiry, so that one that is mixed or cut shows. */
function contentOf(name: string, expiresAtMs: number): Buffer {
  const digest = createHash('sha256').update(`${name} ${expiresAtMs}`).digest();
  const length = digest.readUInt32BE() % LONGEST_FILLING;
  return Buffer.concat([Buffer.from(`${expiresAtMs};`), Buffer.alloc(length, digest)]);
}

/** The expiry of an entry that is whole; `undefined` of any other. */
export function expiryOf(name: string, content: Buffer): number | undefined {
  const expiresAtMs = Number(content.toString('latin1', 0, content.indexOf(';')));
  return content.equals(contentOf(name, expiresAtMs)) ? expiresAtMs : undefined;
}

/**
 * Writes for ever, with expiries that rise but not steadily, and looks each time at what is there then. Each write that succeeded
 * becomes a line of the standard output; an entry that is not whole, or is older than it was, ends the program.
 */
export async function writeUntilKilled(store: Store, name: string): Promise<never> {
  for (;;) {
    const expiresAtMs = Date.now() + HOUR_MS + Math.floor(Math.random() * 50);
    try {
      await store.write(name, { key: name, bytes: contentOf(name, expiresAtMs), expiresAtMs });
      // At once, so that nothing that was acknowledged is lost with the process.
      writeSync(1, `${name} ${expiresAtMs}\n`);
      const read = expiryOf(name, Buffer.from((await store.read(name, { key: name })) ?? []));
      if (read === undefined || read < expiresAtMs) throw new Error(`${name} expires at ${read}, after one that expires at ${expiresAtMs}`);
    } catch (error) {
      // It waited too long for its turn, and was not written.
      if (!(error instanceof TokenCacheError && error.reason === 'contended')) throw error;
    }
  }
}

const LONGEST_FILLING = 300_000;
const HOUR_MS = 3_600_000;
