/**
 * Real Redis servers on free ports of the loopback, with nothing on disk but what a cluster needs. They end with the file of tests
 * that started them, at the latest. A file of tests imports this one itself, so that it can be passed over where there is no Redis.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

const servers: RedisServer[] = [];

afterAll(() => Promise.all(servers.map((server) => server.remove())));
// A test that is given up in mid-start may start another server after that.
process.once('exit', () => {
  for (const server of servers) server.abandon();
});

/** A server that answers, empty. It may be given further arguments of `redis-server`. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = new RedisServer({ port: await freePort(), directory: await mkdtemp(join(tmpdir(), 'client-credentials-redis-')), args });
    servers.push(server);
    try {
      await server.start();
      return server;
    } catch (error) {
      // Another may have taken the port since it was found free.
      if (attempt === 5) throw error;
    }
  }
}

/** A cluster of one or more masters that know each other and share the slots, and serve on when one of them is gone. */
export async function startRedisCluster({ masters }: { masters: number }): Promise<readonly RedisServer[]> {
  const nodes = await Promise.all(Array.from({ length: masters }, () => startRedis(CLUSTER_NODE)));
  await Promise.all(
    nodes.map(async (node, index) => {
      const firstSlot = Math.ceil((index * SLOTS) / masters);
      const lastSlot = Math.ceil(((index + 1) * SLOTS) / masters) - 1;
      await node.command(`CLUSTER ADDSLOTSRANGE ${firstSlot} ${lastSlot}`);
      await node.command(`CLUSTER SET-CONFIG-EPOCH ${index + 1}`);
    }),
  );
  for (const node of nodes.slice(1)) await nodes[0]?.command(`CLUSTER MEET 127.0.0.1 ${node.port}`);
  for (const node of nodes) {
    await vi.waitUntil(async () => {
      const info = await node.command('CLUSTER INFO');
      return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`);
    }, PATIENCE);
  }
  return nodes;
}

export class RedisServer {
  readonly port: number;
  readonly #directory: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  constructor({ port, directory, args }: { port: number; directory: string; args: readonly string[] }) {
    this.port = port;
    this.#directory = directory;
    this.#args = args;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on its port, empty, once it has been stopped. Resolves when it answers. */
  async start(): Promise<void> {
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory, '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...own, ...this.#args], { stdio: 'ignore' });
    this.#child = child;
    await once(child, 'spawn');
    // Another server may answer on this port.
    const itself = `process_id:${child.pid}\r`;
    await vi.waitUntil(async () => hasEnded(child) || (await this.command('INFO server').catch(() => '')).includes(itself), PATIENCE);
    if (hasEnded(child)) throw new Error(`redis-server on port ${this.port} ended before it answered`);
  }

  /** Ends it, paused or not, and forgets its data. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT');
    await ended;
  }

  /** It takes connections and commands, and answers none. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** The whole reply to one command, as it came over the wire. The command is a line of words: `PTTL name`. */
  async command(line: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    // After QUIT the server ends the connection, so the end of the reply needs no parser.
    socket.write(`${line}\r\nQUIT\r\n`);
    let reply = '';
    for await (const chunk of socket.setEncoding('utf8')) reply += chunk;
    if (reply.startsWith('-')) throw new Error(`${line}: ${reply}`);
    return reply.replace(/\+OK\r\n$/, '');
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** The same for a process that is about to end, and can wait for nothing. */
  abandon(): void {
    this.#child?.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Free just now, and low enough for the port of the cluster's bus, which lies 10 000 higher. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    if (typeof address === 'object' && address !== null && address.port <= 55_535) return address.port;
  }
}

const PATIENCE = { timeout: 15_000, interval: 20 };
const SLOTS = 16_384;
const CLUSTER_NODE = [
  ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no'],
  // Without it a node that has met no other does not know its own address.
  ...['--cluster-announce-ip', '127.0.0.1'],
];
