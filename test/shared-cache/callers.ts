/** Starts the processes that share a cache, and gives them orders. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, vi } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';
import { PATIENCE } from './endurance.ts';
import type { CallAnswer, CallOrder, Orders, Report, Setup } from './orders.ts';

/** A process for each setup, connected and waiting for orders. They end with the test. */
export async function startCallers(setups: readonly Setup[]): Promise<readonly Caller[]> {
  program ??= bundleProgram("import './test/shared-cache/caller.ts';");
  const file = await program;
  return Promise.all(setups.map((setup) => Caller.start(file, setup)));
}

/** Setups for processes of which every other has the other client. */
export function alternating(count: number, setup: Omit<Setup, 'client'>): readonly Setup[] {
  return Array.from({ length: count }, (_, index) => ({ ...setup, client: index % 2 === 0 ? 'redis' : 'ioredis' }));
}

/** Polls what they report, until each report is as it should be. */
export async function untilAll(callers: readonly Caller[], isSo: (report: Report, index: number) => boolean): Promise<void> {
  await vi.waitUntil(async () => (await askAll(callers, 'report', null)).every(isSo), PATIENCE);
}

export function askAll<N extends keyof Orders>(
  callers: readonly Caller[],
  name: N,
  order: Orders[N]['order'],
): Promise<Orders[N]['answer'][]> {
  return Promise.all(callers.map((caller) => caller.ask(name, order)));
}

/** What the answer is when every call got one and the same value. */
export function given(name: string | undefined): unknown {
  return { names: [name], errors: [], longestMs: expect.any(Number) };
}

export class Caller {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: never) => void>();
  #orders = 0;

  static async start(file: string, setup: Setup): Promise<Caller> {
    const { child, outcome } = startProgram(file, { args: [JSON.stringify(setup)] });
    const caller = new Caller(child);
    const ended = outcome.then(({ stderr }) => Promise.reject(new Error(`a process ended before it was ready: ${stderr}`)));
    await Promise.race([caller.#answerTo(0), ended]);
    return caller;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('a process without an output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, answer } = JSON.parse(line);
      this.#answers.get(id)?.(answer as never);
      this.#answers.delete(id);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  ask<N extends keyof Orders>(name: N, order: Orders[N]['order']): Promise<Orders[N]['answer']> {
    this.#orders += 1;
    const answer = this.#answerTo<Orders[N]['answer']>(this.#orders);
    this.#child.stdin?.write(`${JSON.stringify({ id: this.#orders, name, order })}\n`);
    return answer;
  }

  /** Calls for a value that lives for an hour. */
  call(order: Omit<CallOrder, 'lifetimeMs'> & { readonly lifetimeMs?: number }): Promise<CallAnswer> {
    return this.ask('call', { lifetimeMs: HOUR_MS, ...order });
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #answerTo<A>(id: number): Promise<A> {
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
    });
  }
}

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Limits so wide that a store is never too late: processes share, however busy the machine. */
export const IN_NO_HURRY = { timeoutMs: MINUTE_MS, retryAfterMs: MINUTE_MS } as const;

let program: Promise<string> | undefined;
