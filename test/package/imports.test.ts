/** Which package may import what: the arrows of the design, read from the sources. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));

test.each([
  ['protocol', ['node:crypto']],
  ['token-cache', ['node:crypto', 'node:diagnostics_channel', 'node:timers/promises']],
  ['token-cache/file', ['node:crypto', 'node:diagnostics_channel', 'node:fs', 'node:fs/promises', 'node:path', 'node:timers/promises']],
  ['token-cache/redis', ['node:crypto', 'node:diagnostics_channel']],
  ['token-cache/layered', ['node:crypto', 'node:diagnostics_channel']],
  ['token-cache/encrypted', ['node:crypto', 'node:diagnostics_channel', 'node:util/types']],
  [
    'token-source',
    [
      '@client-credentials/protocol',
      '@client-credentials/token-cache',
      'node:crypto',
      'node:diagnostics_channel',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:timers/promises',
    ],
  ],
  ['token-source/opentelemetry', ['@client-credentials/protocol', '@opentelemetry/api', 'node:diagnostics_channel']],
  ['api-caller', ['@client-credentials/protocol', 'node:crypto', 'node:diagnostics_channel', 'node:stream', 'node:timers/promises']],
  ['api-caller/testing', []],
  ['protocol/pkcs12', ['node:crypto']],
])('when it is imported, %s loads %j and nothing else', async (name, allowed) => {
  expect((await importsOf(name)).loaded).toEqual(allowed);
});

test.each([
  ['protocol', []],
  ['protocol/pkcs12', ['node-forge']],
  ['token-cache', []],
  ['token-source', ['@client-credentials/protocol/pkcs12', 'undici']],
  ['api-caller', ['node:zlib', 'undici']],
])('on first use, %s loads %j', async (name, allowed) => {
  expect((await importsOf(name)).onUse).toEqual(allowed);
});

test('mock-token-endpoint imports none of our packages, so that a shared mistake cannot agree with itself', async () => {
  const { loaded, onUse } = await importsOf('mock-token-endpoint');
  expect([...loaded, ...onUse].filter((specifier) => specifier.startsWith('@client-credentials/'))).toEqual([]);
  expect(loaded).toContain('jose');
});

/** What an entry point imports from outside: when it is loaded, and by `import()`. Types cost nothing and do not count. */
async function importsOf(entry: string): Promise<{ readonly loaded: readonly string[]; readonly onUse: readonly string[] }> {
  const [name = '', subpath = 'index'] = entry.split('/');
  const { metafile } = await build({
    entryPoints: [join(PACKAGES, name, `src/${subpath}.ts`)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.filter(({ external }) => external === true));
  const ofKind = (kind: string): string[] =>
    [...new Set(imports.filter((entry) => entry.kind === kind).map(({ path }) => path))].toSorted();
  return { loaded: ofKind('import-statement'), onUse: ofKind('dynamic-import') };
}
