/** Takes measurements in turns, so that what else the machine does meets all of them. */

/**
 * The median of each candidate's rounds, by its name.
 *
 * @param candidates  functions that each take one measurement, by name
 */
export async function mediansInTurns(candidates, { rounds, warmUpRounds = 1 }) {
  const taken = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [name, takeOne] of Object.entries(candidates)) {
      const value = await takeOne();
      if (round >= 0) taken[name].push(value);
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
