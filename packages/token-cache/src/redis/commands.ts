/**
 * The commands the store knows, as they go on the wire. Lua only where two steps must be one. Names are in lower case, the only
 * form in which the first ioredis 5 knows which arguments are keys.
 */

export interface Command {
  /** The one key it is about, by which a cluster finds the node. */
  readonly key: string;
  readonly name: string;
  readonly args: readonly string[];
}

export function getEntry(key: string): Command {
  return { key, name: 'get', args: [key] };
}

/** Sets an entry for `ttlMs`, a whole number, unless the one there lives longer. One without an end is none of ours, and is replaced. */
export function setUnlessLater(key: string, { bytes, ttlMs }: { bytes: Uint8Array; ttlMs: number }): Command {
  // Text, because that is the one form all clients give back alike, however they are configured.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return script(SET_UNLESS_LATER, key, [text, String(ttlMs)]);
}

export function deleteEntry(key: string): Command {
  return { key, name: 'del', args: [key] };
}

export function setLease(key: string, { owner, ttlMs }: { owner: string; ttlMs: number }): Command {
  return { key, name: 'set', args: [key, owner, 'NX', 'PX', String(ttlMs)] };
}

export function extendLease(key: string, { owner, ttlMs }: { owner: string; ttlMs: number }): Command {
  return script(EXTEND_IF_OWNED, key, [owner, String(ttlMs)]);
}

export function deleteLease(key: string, { owner }: { owner: string }): Command {
  return script(DELETE_IF_OWNED, key, [owner]);
}

/** EVAL, not EVALSHA: a script is a hundred bytes, and so it never has to be loaded first, on whichever node comes to own the key. */
function script(text: string, key: string, args: readonly string[]): Command {
  return { key, name: 'eval', args: [text, '1', key, ...args] };
}

const SET_UNLESS_LATER =
  "if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then return 0 end redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1";
const EXTEND_IF_OWNED = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";
const DELETE_IF_OWNED = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
