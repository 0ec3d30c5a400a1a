/** Runs the pnpm that package.json's `packageManager` names, on a machine that has only Node and npm. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const command = ['--yes', packageManager, ...process.argv.slice(2)];
const { status, error } = spawnSync('npx', command, { stdio: 'inherit', shell: process.platform === 'win32' });
if (error) console.error(`pnpm could not be started through npx: ${error.message}`);
process.exit(status ?? 1);
