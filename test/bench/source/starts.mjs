/** What a process pays that imports a library, and one that gets its first token, beside one that does nothing. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasPeers } from './peers.mjs';
import { CLIENT_SETTINGS, withEndpoint } from './processes.mjs';
import { mediansInTurns } from './turns.mjs';

const ROUNDS = 15;
const FIRST_TOKEN = fileURLToPath(new URL('./first-token.mjs', import.meta.url));
const NOTHING = 'node, nothing imported';
/** What importing `token-source` may cost, as a multiple of a process that imports nothing. */
const MOST = 1.25;

/** Title of a row, and the module that it imports. */
const IMPORTS = {
  [NOTHING]: undefined,
  'node:crypto alone': 'node:crypto',
  protocol: '@client-credentials/protocol',
  'token-cache': '@client-credentials/token-cache',
  'token-source': '@client-credentials/token-source',
  'api-caller': '@client-credentials/api-caller',
  undici: 'undici',
  '@azure/msal-node': '@azure/msal-node',
};
/** Title of a row, and the client whose first token it gets. */
const FIRST_TOKENS = {
  'bare undici.request': 'bareRequest',
  'client-credentials, secret': 'oursSecret',
  'client-credentials, certificate': 'oursCertificate',
  'MSAL, secret': 'msalSecret',
  'MSAL, certificate': 'msalCertificate',
  ...(hasPeers && { '@azure/identity, secret': 'identitySecret', '@azure/identity, certificate': 'identityCertificate' }),
};

/** Milliseconds by title, of the whole process, from its start to its end. */
export async function measureStarts() {
  const imports = await mediansInTurns(
    Object.fromEntries(Object.entries(IMPORTS).map(([title, module]) => [title, () => milliseconds(importOf(module))])),
    { rounds: ROUNDS },
  );
  const firstTokens = await withEndpoint((origin) =>
    mediansInTurns(
      Object.fromEntries(Object.entries(FIRST_TOKENS).map(([title, name]) => [title, () => milliseconds([FIRST_TOKEN, name, origin])])),
      { rounds: ROUNDS },
    ),
  );
  return { imports, firstTokens };
}

export function describeStarts({ imports, firstTokens }) {
  const nothing = imports[NOTHING];
  const ratio = imports['token-source'] / nothing;
  return [
    'a whole process, in milliseconds, beside one that imports nothing: medians of rounds in turns',
    ...rows(imports, nothing),
    `  importing token-source: ${ratio.toFixed(2)} ×, budget ${MOST} ×: ${ratio <= MOST ? 'ok' : 'over'}`,
    '',
    'a whole process that gets one token over TLS, in milliseconds',
    ...rows(firstTokens, nothing),
  ].join('\n');
}

function rows(figures, nothing) {
  return Object.entries(figures).map(
    ([title, value]) => `  ${title.padEnd(36)}${value.toFixed(0).padStart(6)}${(value / nothing).toFixed(2).padStart(8)} ×`,
  );
}

function importOf(module) {
  return ['--input-type=module', '-e', module === undefined ? '0' : `import ${JSON.stringify(module)}`];
}

async function milliseconds(args) {
  const startedAtMs = performance.now();
  await promisify(execFile)(process.execPath, [...CLIENT_SETTINGS.execArgv, ...args], { env: CLIENT_SETTINGS.env, timeout: 60_000 });
  return performance.now() - startedAtMs;
}
