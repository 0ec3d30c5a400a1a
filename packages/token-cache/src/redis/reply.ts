/** What replies say. A client may be configured to give texts as `Buffer`s and numbers as texts. */
import { TokenCacheError } from '../errors.ts';

/** A text, or `undefined` where the server has none. */
export function readText(reply: unknown): string | undefined {
  if (reply === null) return undefined;
  if (typeof reply === 'string') return reply;
  if (reply instanceof Buffer) return reply.toString('latin1');
  throw new TokenCacheError('store_unavailable', `the Redis client gave a reply of type ${typeof reply}, expected a text or null`);
}

/** The bytes of an entry, or `undefined` where there is none. What is not their base64 to the letter was written by somebody else. */
export function readBytes(reply: unknown): Uint8Array | 'corrupt' | undefined {
  const text = readText(reply);
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : 'corrupt';
}

/** Whether a script did what it was to do: it returns 1, else 0. */
export function isDone(reply: unknown): boolean {
  return Number(reply) === 1;
}
