/** How much a user installs: the published files of our packages, and of what they depend on. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verdict } from '../cache/verdict.mjs';

const PACKAGES = fileURLToPath(new URL('../../../packages/', import.meta.url));
const OURS = ['protocol', 'token-cache', 'token-source', 'api-caller'];
const MOST_BYTES = 5 * 1024 * 1024;

/** Bytes by the name of each package: ours as `files` in their manifest says, others whole. */
export function measureInstalled() {
  const sizes = {};
  for (const name of OURS) {
    const folder = join(PACKAGES, name);
    const { files, dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    sizes[name] = files.filter((file) => !isNotCounted(file)).reduce((sum, file) => sum + bytesOf(join(folder, file)), 0);
    for (const dependency of Object.keys(dependencies).filter((other) => !other.startsWith('@client-credentials/'))) {
      sizes[dependency] ??= bytesOf(realpathSync(join(folder, 'node_modules', dependency)));
    }
  }
  return sizes;
}

/** A pattern of what is left out, or the licence: a kilobyte that each package gets as it is packed. */
function isNotCounted(file) {
  return file.startsWith('!') || file === 'LICENSE';
}

export function judgeInstalled(sizes) {
  const total = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  const rows = Object.entries(sizes).map(([name, bytes]) => ({ text: line(name, bytes), isWithin: true }));
  return verdict(`installed: at most ${mebibytes(MOST_BYTES)}`, [...rows, { text: line('in all', total), isWithin: total <= MOST_BYTES }]);
}

function bytesOf(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`there is no ${path}: build first`);
  if (!stats.isDirectory()) return stats.size;
  const entries = readdirSync(path).filter((entry) => entry !== 'node_modules');
  return entries.reduce((sum, entry) => sum + bytesOf(join(path, entry)), 0);
}

function line(name, bytes) {
  return `${name.padEnd(16)}${mebibytes(bytes).padStart(10)}`;
}

function mebibytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}
