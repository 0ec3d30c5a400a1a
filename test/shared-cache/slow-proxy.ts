/** A server on the loopback that passes all it is sent to a Redis, and the replies back, each as late as the test says. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

export interface SlowProxy {
  readonly port: number;
  /** How late replies are from now on. */
  delayMs: number;
}

/** As fast as it can be, until told otherwise. Ends with the test. */
export async function startSlowProxy(port: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
    }
    client.pipe(redis);
    let passed: Promise<unknown> = Promise.resolve();
    redis.on('data', (chunk) => {
      const late = delay(proxy.delayMs, undefined, { ref: false });
      // One after another, or what comes later could be there first when the delay has become shorter.
      passed = Promise.all([passed, late]).then(() => client.write(chunk));
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  const proxy = { port: (server.address() as AddressInfo).port, delayMs: 0 };
  return proxy;
}
