/** Times candidates in turns, so that what else the machine does meets all of them. */
const ROUNDS = 15;
const WARM_UP_ROUNDS = 2;

/**
 * Nanoseconds per call of each candidate by name: the median of its rounds. A candidate is called with one key after another, and awaited.
 *
 * @param candidates  `{ name, call, callsPerRound }` each
 * @param keys  in the order in which they are looked up; every turn starts somewhere else in it
 */
export async function measureRounds(candidates, { keys }) {
  const rounds = new Map(candidates.map(({ name }) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const candidate of candidates) {
      // Once for nothing: another has just driven this one's data out of the processor's caches.
      await nanosecondsPerCall(candidate, keys);
      const nanoseconds = await nanosecondsPerCall(candidate, keys);
      if (round >= 0) rounds.get(candidate.name).push(nanoseconds);
    }
  }
  return Object.fromEntries([...rounds].map(([name, values]) => [name, median(values)]));
}

async function nanosecondsPerCall({ call, callsPerRound }, keys) {
  let place = Math.floor(Math.random() * keys.length);
  const startedAtMs = performance.now();
  for (let calls = 0; calls < callsPerRound; calls += 1) {
    await call(keys[place]);
    place = place + 1 < keys.length ? place + 1 : 0;
  }
  return ((performance.now() - startedAtMs) * 1e6) / callsPerRound;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
