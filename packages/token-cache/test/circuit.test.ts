/** What opens a circuit, what passes through it, and what it does with operations that end too late. */
import { TokenCacheError } from '@client-credentials/token-cache';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Operation } from '../src/circuit.ts';
import { createCircuit, failing, hanging, pass, RETRY_AFTER_MS, stopTime, TIMEOUT_MS, unavailable } from './circuits.ts';

const WAYS = ['read', 'change', 'attempt'] as const;

beforeEach(stopTime);

describe.each(WAYS)('a closed circuit, %s', (way) => {
  test('gives what the operation brings, and leaves no timer behind', async () => {
    const { circuit, changes } = createCircuit();
    expect(await circuit[way](async () => 'found')).toBe('found');
    expect(vi.getTimerCount()).toBe(0);
    expect(changes).toEqual([]);
  });

  test('passes on what the operation throws, be it before or after its first turn', async () => {
    const error = new Error('down');
    const thrower: Operation<never> = () => {
      throw error;
    };
    await expect(async () => createCircuit().circuit[way](thrower)).rejects.toBe(error);
    await expect(createCircuit().circuit[way](() => Promise.reject(error))).rejects.toBe(error);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives up an operation after its time, aborts its signal with the error, and opens', async () => {
    const { circuit, changes } = createCircuit();
    let signal: AbortSignal | undefined;
    const outcome = circuit[way]((given) => {
      signal = given;
      return hanging();
    }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    expect(signal?.aborted).toBe(false);
    expect(circuit.isOpen).toBe(false);

    await pass(1);
    const error = await outcome;
    expect(error).toEqual(new TokenCacheError('store_timeout', 'the store did not answer within 1000 ms'));
    expect(error).toMatchObject({ code: 'store_timeout', transient: true });
    expect(signal?.reason).toBe(error);
    expect(changes).toEqual(['open']);
    expect(circuit.isOpen).toBe(true);
  });

  test('opens also when the store gives up by itself before', async () => {
    const { circuit, changes } = createCircuit();
    const error = new TokenCacheError('store_timeout', 'Redis did not answer');
    await expect(circuit[way](() => Promise.reject(error))).rejects.toBe(error);
    expect(changes).toEqual(['open']);
  });

  test('gives more time when the process itself was too busy to see the answer', async () => {
    vi.useRealTimers();
    const { circuit, changes } = createCircuit({ timeoutMs: 60 });
    const turns = async (): Promise<string> => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return 'there';
    };
    const answer = circuit[way](turns);
    const until = performance.now() + 120;
    while (performance.now() < until);
    expect(await answer).toBe('there');
    expect(changes).toEqual([]);
  });

  test('pays no heed to how an operation ends that was given up', async () => {
    const { circuit, changes } = createCircuit();
    const late: Operation<void>[] = [
      () => new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS)),
      () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('late')), 2 * TIMEOUT_MS)),
    ];
    const outcomes = Promise.allSettled(late.map((operation) => circuit[way](operation)));
    await pass(TIMEOUT_MS);
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

    // The run fails should the late rejection go unhandled.
    await pass(TIMEOUT_MS);
    expect(circuit.isOpen).toBe(true);
    expect(changes).toEqual(['open']);
  });
});

test('a read that fails opens the circuit', async () => {
  const { circuit, changes } = createCircuit();
  await expect(circuit.read(failing)).rejects.toThrow('down');
  expect(changes).toEqual(['open']);
});

test.each(['change', 'attempt'] as const)('a failing %s that is no read does not open it', async (way) => {
  const { circuit, changes } = createCircuit();
  await expect(circuit[way](failing)).rejects.toThrow('down');
  expect(circuit.isOpen).toBe(false);
  expect(changes).toEqual([]);
});

test.each(['read', 'change'] as const)('an open circuit rejects a %s at once and asks the store for nothing', async (way) => {
  const { circuit } = createCircuit();
  await circuit.read(failing).catch(() => {});
  const asked = vi.fn(hanging);
  await expect(circuit[way](asked)).rejects.toEqual(unavailable());
  await expect(circuit[way](asked)).rejects.toMatchObject({ code: 'store_unavailable', transient: true });
  expect(asked).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('an attempt passes through an open circuit, and its success does not close it', async () => {
  const { circuit, changes } = createCircuit();
  await circuit.read(failing).catch(() => {});
  expect(await circuit.attempt(async () => 'done')).toBe('done');
  expect(changes).toEqual(['open']);
});

test('what was under way when the circuit opened still brings what it brings, and the opening is told once', async () => {
  const { circuit, changes } = createCircuit();
  const after = (ms: number, act: () => unknown): Operation<unknown> => {
    return () => new Promise((resolve) => setTimeout(() => resolve(act()), ms));
  };
  const read = circuit.read(after(500, () => 'found'));
  const write = circuit.change(after(500, () => 'kept'));
  const failure = circuit.read(after(500, failing)).catch(() => 'failed');
  await circuit.read(failing).catch(() => {});

  await pass(500);
  expect(await Promise.all([read, write, failure])).toEqual(['found', 'kept', 'failed']);
  expect(changes).toEqual(['open']);
});

test('a hundred calls for a dead store wait together and once; those after them do not wait', async () => {
  const { circuit, clock } = createCircuit();
  const first = Promise.allSettled(Array.from({ length: 100 }, () => circuit.read(hanging)));
  await pass(TIMEOUT_MS);
  await first;

  clock.nowMs += RETRY_AFTER_MS - 1;
  const asked = vi.fn(hanging);
  const later = await Promise.allSettled(Array.from({ length: 100 }, () => circuit.read(asked)));
  expect(later).toEqual(later.map(() => ({ status: 'rejected', reason: unavailable() })));
  expect(asked).not.toHaveBeenCalled();
});
