/** The guide to the mock tells the truth: each answer it shows can be scripted, each fault it names is one, and its names of rules are the profiles'. */
import { readFileSync } from 'node:fs';
import { type MockAnswer, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { expect, test } from 'vitest';

const GUIDE = readFileSync(new URL('../../docs/guides/testing-with-the-mock.md', import.meta.url), 'utf8');
const firstCells = [...GUIDE.matchAll(/^\| (`.*?)\s*\|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
);

test('every answer in the guide can be scripted', async () => {
  await using mock = await startMockTokenEndpoint({ tls: false, seed: 'guide' });
  // One row names members instead of showing values.
  const answers = firstCells.filter((code) => code.startsWith('{') && !/^\{ \w+,/.test(code));
  expect(answers.length).toBeGreaterThan(5);
  for (const answer of answers) mock.enqueue(new Function(`return (${answer});`)() as MockAnswer);
});

test('the guide names every fault there is, and no other', async () => {
  await using mock = await startMockTokenEndpoint({ tls: false, seed: 'guide' });
  const answer = await fetch(`${mock.controlUrl}answers`, { headers: { authorization: `Bearer ${mock.controlToken}` } });
  const { faults } = (await answer.json()) as { faults: readonly { name: string }[] };
  const named = firstCells.filter((code) => /^[a-z]+(-[a-z0-9]+)+$/.test(code));
  expect(named.sort()).toEqual(faults.map(({ name }) => name).sort());
});
