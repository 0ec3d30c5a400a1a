/** The example that sends a request with plain `fetch` runs, and stays short. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

test('a token comes with plain fetch in at most 15 lines of code, and printing it shows no secret', async () => {
  const source = readFileSync(new URL('../../examples/src/plain-fetch.ts', import.meta.url), 'utf8');
  expect(source.split('\n').filter((line) => line !== '' && !line.startsWith('/**')).length).toBeLessThanOrEqual(15);
  const { code, stdout, stderr } = await startProgram(await bundleProgram("import './examples/src/plain-fetch.ts';")).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^OpaqueAccessToken \{\n {2}tokenType: 'Bearer',/);
  expect(stdout).not.toContain('eyJ');
});
