/** How each kind of client is told a command. Clients are known by their shape: neither library is imported. */
import { TokenCacheError } from '../errors.ts';
import type { Command } from './commands.ts';

/** Sends a command to the node that owns its key, a master. Some clients take back on `signal` what they have not sent yet. */
export type Connection = (command: Command, signal: AbortSignal) => Promise<unknown>;

/** @throws {TokenCacheError} `invalid_option` */
export function readConnection(client: object): Connection {
  if (typeof client === 'function') throw invalidClient('is a function');
  // First, because ioredis has a `sendCommand` too, for commands of its own making.
  if (hasMethod(client, 'call')) return ioredis(client as Ioredis);
  if (!hasMethod(client, 'sendCommand')) throw invalidClient("has no method 'call' or 'sendCommand'");
  if (hasMethod(client, 'getSlotMaster')) return nodeRedisCluster(client as NodeRedisCluster);
  if (hasMethod(client, 'getSentinelNode')) return nodeRedisSentinel(client as NodeRedisSentinel);
  return nodeRedis(client as NodeRedis);
}

interface Ioredis {
  readonly options?: { readonly scaleReads?: unknown };
  call(name: string, ...args: string[]): Promise<unknown>;
}

function ioredis(client: Ioredis): Connection {
  const { scaleReads = 'master' } = client.options ?? {};
  // A replica lags: a process that waited for another's value would not see it, and ask for one of its own.
  if (scaleReads !== 'master') throw invalidClient("reads from replicas by its option 'scaleReads'");
  return ({ name, args }) => client.call(name, ...args);
}

interface NodeRedisOptions {
  readonly abortSignal: AbortSignal;
}

/** A client or a pool. */
interface NodeRedis {
  sendCommand(args: readonly string[], options: NodeRedisOptions): Promise<unknown>;
}

function nodeRedis(client: NodeRedis): Connection {
  return ({ name, args }, abortSignal) => client.sendCommand([name, ...args], { abortSignal });
}

interface NodeRedisCluster {
  sendCommand(firstKey: string, isReadonly: boolean, args: readonly string[], options: NodeRedisOptions): Promise<unknown>;
}

/** What counts as read-only may go to a replica. */
function nodeRedisCluster(client: NodeRedisCluster): Connection {
  return ({ key, name, args }, abortSignal) => client.sendCommand(key, false, [name, ...args], { abortSignal });
}

interface NodeRedisSentinel {
  sendCommand(isReadonly: boolean, args: readonly string[], options: NodeRedisOptions): Promise<unknown>;
}

function nodeRedisSentinel(client: NodeRedisSentinel): Connection {
  return ({ name, args }, abortSignal) => client.sendCommand(false, [name, ...args], { abortSignal });
}

function hasMethod(client: unknown, name: string): boolean {
  return typeof (client as Record<string, unknown> | null | undefined)?.[name] === 'function';
}

function invalidClient(what: string): TokenCacheError {
  return new TokenCacheError(
    'invalid_option',
    `client ${what}, expected a connected client or cluster of 'redis' or 'ioredis' that reads from masters`,
  );
}
