/** What the tests of the file store share: a directory for each test, a clock set by hand, and what the process is and tells meanwhile. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@client-credentials/token-cache';
import { fileStore } from '@client-credentials/token-cache/file';
import { onTestFinished, vi } from 'vitest';
import { entryName } from '../../src/entry-name.ts';
import { fakeTimers } from '../fake-timers.ts';
import { type Clock, createClock, HOUR_MS } from '../support.ts';

export const NAME: string = entryName('key');

/** An empty directory that is removed after the test. */
export function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'client-credentials-'));
  // A sweep may still be at work in it.
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

export interface Setting {
  readonly directory: string;
  readonly clock: Clock;
  readonly store: Store;
  /** Where the entry `NAME` lies. */
  readonly path: string;
}

/** A store in a directory of its own. Its clock begins at the real time, which new files bear. */
export function createSetting(): Setting {
  const directory = createDirectory();
  const clock = createClock();
  clock.nowMs = Date.now();
  return { directory, clock, store: fileStore({ directory, now: clock.now }), path: join(directory, `${NAME}.cache-entry`) };
}

/** Writes a text under `NAME`, by default for an hour. */
export function write({ store, clock }: Setting, text: string, expiresAtMs: number = clock.nowMs + HOUR_MS): Promise<void> {
  return store.write(NAME, { key: 'key', bytes: Buffer.from(text), expiresAtMs });
}

/** The text under `NAME`. */
export async function read({ store }: Pick<Setting, 'store'>): Promise<string | undefined> {
  const bytes = await store.read(NAME, { key: 'key' });
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

export function filesIn(directory: string): string[] {
  return readdirSync(directory).sort();
}

/** The warnings of the process from now until the test ends. They come a moment after their cause. */
export function processWarnings(): Error[] {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on('warning', listener);
  onTestFinished(() => {
    process.off('warning', listener);
  });
  return warnings;
}

/** Makes this process, until the test ends, look like another user's; without a number, like one where there are no users. */
export function pretendUser(uid: number | undefined): void {
  const geteuid = vi.spyOn(process, 'geteuid').mockReturnValue(uid as number);
  onTestFinished(() => {
    geteuid.mockRestore();
  });
}

/** Stops the clock by which writes wait for each other, so that they do so as long as they must on a busy machine. */
export function stopPerformance(): void {
  fakeTimers('performance');
}
