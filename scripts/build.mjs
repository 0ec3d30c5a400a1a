/** Builds what is published: types with `tsc -b`, and one JavaScript file per entry point, so that importing a package reads one file. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const SOURCE = '@client-credentials/source';

// What a source that is gone left behind would be published.
for (const folder of [...readdirSync(new URL('packages/', root)).map((name) => `packages/${name}`), 'examples']) {
  rmSync(new URL(`${folder}/dist/`, root), { recursive: true, force: true });
}

const types = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { cwd: root, stdio: 'inherit' });
if (types.status !== 0) process.exit(types.status ?? 1);

for (const name of readdirSync(new URL('packages/', root))) {
  const directory = new URL(`packages/${name}/`, root);
  const manifest = JSON.parse(readFileSync(new URL('package.json', directory), 'utf8'));
  await build({
    absWorkingDir: fileURLToPath(directory),
    entryPoints: [
      ...Object.values(manifest.exports).map((target) => target[SOURCE]),
      ...Object.values(manifest.bin ?? {}).map((file) => file.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts')),
    ],
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
  });
}
