/** The four kinds of clients that a store over Redis may be given, connected to real servers, and a look at those behind their backs. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { afterAll } from 'vitest';
import type { RedisServer } from '../../../../test/support/redis-server.ts';

export interface Connected {
  readonly client: object;
  readonly close: () => void;
}

/** As whom a client speaks to its servers. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface ClientKind {
  readonly kind: string;
  readonly isCluster: boolean;
  readonly connect: (server: RedisServer, login?: Login) => Promise<Connected>;
}

export const CLIENT_KINDS: readonly ClientKind[] = [
  { kind: 'redis', isCluster: false, connect: connectRedis },
  { kind: "redis' cluster", isCluster: true, connect: connectRedisCluster },
  { kind: 'ioredis', isCluster: false, connect: connectIoredis },
  { kind: "ioredis' Cluster", isCluster: true, connect: connectIoredisCluster },
];

/** What stands behind a client: one server, or all of a cluster. */
export interface Backend {
  readonly client: object;
  readonly servers: readonly RedisServer[];
  /** The reply of the server that has the key, as it came over the wire. */
  readonly command: (line: string) => Promise<string>;
}

type IoredisOptions = Partial<Login> & Pick<RedisOptions, 'keyPrefix' | 'enableAutoPipelining' | 'stringNumbers'>;

interface BackendOptions {
  readonly startServer: () => Promise<RedisServer>;
  readonly startCluster: () => Promise<readonly RedisServer[]>;
  readonly login?: Login;
}

/** Makes backends that share one server and one cluster, each started when first wanted. */
export function createBackends({ startServer, startCluster, login }: BackendOptions): (kind: ClientKind) => Promise<Backend> {
  const open: Connected[] = [];
  const single = once(async () => [await startServer()]);
  const cluster = once(startCluster);
  afterAll(() => {
    for (const { close } of open) close();
  });
  return async ({ isCluster, connect }) => {
    const servers = await (isCluster ? cluster() : single());
    const connected = await connect(first(servers), login);
    open.push(connected);
    return { client: connected.client, servers, command: (line) => commandOfOwner(servers, line) };
  };
}

export async function connectRedis({ url }: RedisServer, login?: Login): Promise<Connected> {
  const client = createClient({ url, ...login, socket: { reconnectStrategy: RETRY_MS } });
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}

async function connectRedisCluster({ url }: RedisServer, login?: Login): Promise<Connected> {
  const client = createCluster({ rootNodes: [{ url }], defaults: { ...login, socket: { reconnectStrategy: RETRY_MS } } });
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.destroy() };
}

export async function connectIoredis({ port }: RedisServer, options: IoredisOptions = {}): Promise<Connected> {
  const client = new Redis(port, { ...options, lazyConnect: true, retryStrategy: () => RETRY_MS });
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.disconnect() };
}

async function connectIoredisCluster({ port }: RedisServer, login?: Login): Promise<Connected> {
  const options = { lazyConnect: true, clusterRetryStrategy: () => RETRY_MS, redisOptions: { ...login } };
  const client = new Cluster([{ host: '127.0.0.1', port }], options);
  client.on('error', () => {});
  await client.connect();
  return { client, close: () => client.disconnect() };
}

async function commandOfOwner(servers: readonly RedisServer[], line: string): Promise<string> {
  let moved: unknown;
  for (const server of servers) {
    try {
      return await server.command(line);
    } catch (error) {
      moved = error;
    }
  }
  throw moved;
}

function first<T>([item]: readonly T[]): T {
  if (item === undefined) throw new Error('there is none');
  return item;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const RETRY_MS = 20;
