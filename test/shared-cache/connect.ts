/** The four kinds of clients of Redis as people have them: with the defaults of their makers, and a listener for errors. */
import type { ClientKind } from './orders.ts';

const HOST = '127.0.0.1';

/** Each loads only the library it is of, which is most of what it takes a process to start. */
export const connect: Readonly<Record<ClientKind, (port: number) => Promise<object>>> = {
  redis: async (port) => {
    const { createClient } = await import('redis');
    const client = createClient({ url: `redis://${HOST}:${port}` }).on('error', () => {});
    return client.connect();
  },
  'redis cluster': async (port) => {
    const { createCluster } = await import('redis');
    const cluster = createCluster({ rootNodes: [{ url: `redis://${HOST}:${port}` }] }).on('error', () => {});
    return cluster.connect();
  },
  ioredis: async (port) => {
    const { Redis } = await import('ioredis');
    const client = new Redis({ host: HOST, port, lazyConnect: true }).on('error', () => {});
    await client.connect();
    return client;
  },
  'ioredis cluster': async (port) => {
    const { Cluster } = await import('ioredis');
    const cluster = new Cluster([{ host: HOST, port }], { lazyConnect: true }).on('error', () => {});
    await cluster.connect();
    return cluster;
  },
};
