/** The example with failing servers runs, and prints what it promises. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

test('a daemon gets through a reset, a gateway’s page and a 429, and says why a secret was refused', async () => {
  const source = readFileSync(new URL('../../examples/src/failing-server.ts', import.meta.url), 'utf8');
  expect(source.split('\n').length).toBeLessThanOrEqual(41);
  const { code, stdout, stderr } = await startProgram(await bundleProgram("import './examples/src/failing-server.ts';")).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.shift()).toBe('Ada Abadi, Boris Abadi, Chiara Abadi');
  expect(lines.shift()).toMatch(/AADSTS7000222/);
  expect(lines.map((line) => line.split(' ').slice(2).join(' ').trim())).toEqual([
    '0 {"fault":"reset-before-headers"}',
    '502 {"fault":"html-502"}',
    '200',
    '429 {"status":429,"headers":{"Retry-After":"1"}}',
    '200',
    '401 {"aadsts":7000222}',
  ]);
});
