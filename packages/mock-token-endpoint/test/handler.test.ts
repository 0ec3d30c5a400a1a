/** What becomes of a request when the mock itself fails. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHandler } from '../src/handler.ts';
import type { MockAnswer } from '../src/index.ts';
import { openWire, requestText } from './raw.ts';

/** A server without anything behind it: no path is served, resetting a connection fails, and `take` says what is scripted. */
async function startServer(take: () => MockAnswer): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const reset = () => {
    throw new Error('cannot be reset');
  };
  const parts = {
    listener: { name: 'local', scheme: 'http', origins: [origin], reset },
    services: { clock: { now: () => 0 }, directory: {} },
    steering: { journal: { add: () => undefined }, script: { take } },
  };
  server.on('request', createHandler(parts as unknown as Parameters<typeof createHandler>[0]));
  return origin;
}

test('a fault of the mock is answered with 500 and the end of the connection', async () => {
  const origin = await startServer(() => {
    throw new Error('no script');
  });
  const wire = openWire(origin, requestText('GET', `${origin}/`));
  expect(await wire.ended).toBe('end');
  expect(wire.received()).toMatch(/^HTTP\/1\.1 500 /);
  expect(wire.received()).toMatch(/\r\nconnection: close\r\n/);
  expect(wire.received()).toMatch(/The mock failed, which is a fault of its own: Error: no script\n$/);
});

test('a fault of the mock after the head of an answer ends the connection, and no second head is sent', async () => {
  const origin = await startServer(() => ({ fault: 'reset-after-headers' }));
  const wire = openWire(origin, requestText('GET', `${origin}/`));
  await wire.ended;
  expect(wire.received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404']);
  expect(wire.received()).not.toMatch(/\r\n0\r\n\r\n$/);
});
