/** A program that runs every vector and prints how many passed, for runtimes that have no test framework. Argument: the folder `vectors/`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { adapters } from './adapters.ts';
import { runVector } from './run.ts';
import type { VectorFile } from './vector.ts';

const folder = argv[2] ?? '';
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const { vectors } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VectorFile;
  for (const vector of vectors) {
    try {
      await runVector(vector, adapters[file.replace('.json', '')] ?? (() => 'no adapter'));
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${file}: ${vector.name}\n${error}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
exit(failed === 0 ? 0 : 1);
