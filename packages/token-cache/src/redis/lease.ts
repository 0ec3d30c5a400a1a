/** A lease: a key that one owner sets for a time, and that nobody else extends or deletes. */
import { randomBytes } from 'node:crypto';
import type { Lease } from '../store.ts';
import { deleteLease, extendLease, setLease } from './commands.ts';
import { isDone, readText } from './reply.ts';
import type { Ask } from './request.ts';

/**
 * The lease, or `undefined` while another has it. One that is granted too late, by a server that was slow or away, is given back at
 * once: nobody here knows of it, and all others would wait for its end.
 */
export async function takeLease(ask: Ask, { key, ttlMs }: { key: string; ttlMs: number }): Promise<Lease | undefined> {
  const owner = randomBytes(OWNER_BYTES).toString('base64url');
  const release = async (): Promise<void> => {
    await ask(deleteLease(key, { owner }));
  };
  const reply = await ask(setLease(key, { owner, ttlMs }), { onLate: () => release().catch(() => {}) });
  if (readText(reply) !== 'OK') return undefined;
  return { renew: async () => isDone(await ask(extendLease(key, { owner, ttlMs }))), release };
}

const OWNER_BYTES = 16;
