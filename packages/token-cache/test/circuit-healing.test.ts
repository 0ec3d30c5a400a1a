/** How an open circuit finds out that its store answers again: by one read at a time, which no caller waits for. */
import { beforeEach, expect, test, vi } from 'vitest';
import { createCircuit, expectLeftAlone, failing, hanging, pass, RETRY_AFTER_MS, stopTime, TIMEOUT_MS, unavailable } from './circuits.ts';

beforeEach(stopTime);

test('after its pause one read is sent, whose caller does not wait for it, and its success closes the circuit', async () => {
  const { circuit, clock, changes } = await opened();
  clock.nowMs += RETRY_AFTER_MS - 1;
  await expectLeftAlone(circuit);

  clock.nowMs += 1;
  const probe = vi.fn(async () => 'found');
  await expect(circuit.read(probe)).rejects.toEqual(unavailable());
  await turn();
  expect(probe).toHaveBeenCalledOnce();
  expect(changes).toEqual(['open', 'closed']);
  expect(vi.getTimerCount()).toBe(0);

  expect(await circuit.read(async () => 'found')).toBe('found');
  expect(await circuit.change(async () => 'kept')).toBe('kept');
});

test('nothing that changes the store is sent to try it out', async () => {
  const { circuit, clock } = await opened();
  clock.nowMs += RETRY_AFTER_MS;
  const change = vi.fn(async () => 'kept');
  await expect(circuit.change(change)).rejects.toEqual(unavailable());
  await turn();
  expect(change).not.toHaveBeenCalled();
  expect(circuit.isOpen).toBe(true);
});

test.each([
  ['fails', failing],
  [
    'throws at once',
    () => {
      throw new Error('down');
    },
  ],
  ['hangs', hanging],
])('a trial that %s is followed by a whole pause from its end', async (_how, operation) => {
  const { circuit, clock, changes } = await opened();
  clock.nowMs += RETRY_AFTER_MS;
  await expect(circuit.read(operation)).rejects.toEqual(unavailable());
  await pass(TIMEOUT_MS);

  clock.nowMs += RETRY_AFTER_MS - 1;
  await expectLeftAlone(circuit);
  clock.nowMs += 1;
  await expect(circuit.read(async () => 'found')).rejects.toEqual(unavailable());
  await turn();
  expect(changes).toEqual(['open', 'closed']);
});

test('only one trial is under way at a time, though it takes longer than the pause', async () => {
  const { circuit, clock } = await opened();
  const probe = vi.fn(hanging);
  for (let call = 0; call < 10; call += 1) {
    clock.nowMs += RETRY_AFTER_MS;
    await expect(circuit.read(probe)).rejects.toEqual(unavailable());
  }
  expect(probe).toHaveBeenCalledOnce();
});

test('a trial that is given up says nothing by its late success', async () => {
  const { circuit, clock, changes } = await opened();
  clock.nowMs += RETRY_AFTER_MS;
  await circuit.read(() => new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS))).catch(() => {});
  await pass(2 * TIMEOUT_MS);
  expect(changes).toEqual(['open']);
});

test('the store is tried at once when the clock was set back, and when it was set forward', async () => {
  for (const jumpMs of [-1, -365 * 24 * 3_600_000, 365 * 24 * 3_600_000]) {
    const { circuit, clock, changes } = await opened();
    clock.nowMs += jumpMs;
    await circuit.read(async () => 'found').catch(() => {});
    await turn();
    expect(changes).toEqual(['open', 'closed']);
  }
});

test('without a pause the next read tries the store', async () => {
  const { circuit, changes } = await opened({ retryAfterMs: 0 });
  await expect(circuit.read(async () => 'found')).rejects.toEqual(unavailable());
  await turn();
  expect(changes).toEqual(['open', 'closed']);
});

test('an attempt that takes too long puts the trial off', async () => {
  const { circuit, clock } = await opened();
  clock.nowMs += RETRY_AFTER_MS - 1;
  const attempt = circuit.attempt(hanging).catch(() => {});
  await pass(TIMEOUT_MS);
  await attempt;
  clock.nowMs += 1;
  await expectLeftAlone(circuit);
});

test('a circuit that closed opens again, and tells it again', async () => {
  const { circuit, clock, changes } = await opened();
  clock.nowMs += RETRY_AFTER_MS;
  await circuit.read(async () => 'found').catch(() => {});
  await turn();
  await circuit.read(failing).catch(() => {});
  expect(changes).toEqual(['open', 'closed', 'open']);
  await expectLeftAlone(circuit);
});

test('a process waits for an operation that somebody waits for, and not for a trial', async () => {
  vi.useRealTimers();
  const { circuit, clock } = await opened();
  clock.nowMs += RETRY_AFTER_MS;
  const before = referencedTimers();
  await circuit.read(hanging).catch(() => {});
  expect(referencedTimers()).toBe(before);

  circuit.attempt(hanging).catch(() => {});
  expect(referencedTimers()).toBe(before + 1);
});

async function opened(options: Parameters<typeof createCircuit>[0] = {}): Promise<ReturnType<typeof createCircuit>> {
  const made = createCircuit(options);
  await made.circuit.read(failing).catch(() => {});
  return made;
}

/** Lets the trial come to its end, which nothing waits for. */
async function turn(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** Timers that keep the process alive. */
function referencedTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
