/**
 * What 10,000 token requests with distinct assertions do to a mock in a process of its own: verified assertions per second, which is
 * printed, and its memory, which must not grow once the journal is full.
 *
 *     node test/bench/mock.mjs
 */
import { spawn } from 'node:child_process';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { SignJWT } from 'jose';
import { Pool } from 'undici';

const REQUESTS = 10_000;
// By then the journal has been full for a thousand requests, and code that is used often is compiled.
const WARM_UP = 2000;
const AT_ONCE = 16;
// The mock remembers each of these 8,000 assertions until it expires, so that none is taken twice: half a kilobyte for each.
const MOST_GROWTH_BYTES = 4 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'client-credentials-'));
try {
  const { mock, memory, end } = await startMock();
  try {
    const requests = await signRequests(mock);
    const pool = new Pool(mock.authorityHost, { connections: AT_ONCE, connect: { ca: mock.ca } });
    const { pathname: path } = new URL(mock.tokenEndpoint);
    await sendAll(pool, { path, bodies: requests.slice(0, WARM_UP) });
    const before = await memory();
    const seconds = await sendAll(pool, { path, bodies: requests.slice(WARM_UP) });
    const after = await memory();
    await pool.close();
    process.exitCode = report({ perSecond: (REQUESTS - WARM_UP) / seconds, before, after });
  } finally {
    await end();
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** The bin, bundled from the sources; `memory` is what its process says of itself after a collection. */
async function startMock() {
  const program = join(folder, 'mock.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../packages/mock-token-endpoint/src/main.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // node-forge is CommonJS and wants a `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const reporter = 'process.on("message", () => { gc(); process.send(process.memoryUsage()); }); process.channel.unref();';
  const flags = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(reporter)}`];
  const child = spawn(process.execPath, [...flags, program, '--json'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const whileItRuns = (promise) => Promise.race([promise, ended.then(() => Promise.reject(new Error('The mock has ended')))]);
  const [line] = await whileItRuns(once(createInterface(child.stdout), 'line'));
  return {
    mock: JSON.parse(line),
    memory: async () => {
      child.send('collect');
      const [usage] = await whileItRuns(once(child, 'message'));
      return usage;
    },
    end: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** The bodies of as many requests, each with an assertion of its own. */
function signRequests(mock) {
  const key = createPrivateKey(readFileSync(mock.privateKeyFile));
  const certificate = new X509Certificate(readFileSync(mock.certificateFile));
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url') };
  const claims = { iss: mock.clientId, sub: mock.clientId, aud: mock.tokenEndpoint };
  return inTurns(Array.from({ length: REQUESTS }), async () => {
    const unsigned = new SignJWT({ ...claims, jti: randomUUID() }).setProtectedHeader(header).setIssuedAt().setExpirationTime('10 min');
    return new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: mock.clientId,
      scope: mock.scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await unsigned.sign(key),
    }).toString();
  });
}

/** Posts each body; returns the seconds it took. */
async function sendAll(pool, { path, bodies }) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const startedAtMs = performance.now();
  await inTurns(bodies, async (body) => {
    const answer = await pool.request({ path, method: 'POST', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`The mock answered ${answer.statusCode}: ${text}`);
  });
  return (performance.now() - startedAtMs) / 1000;
}

/** What `work` makes of each item, in no order, with `AT_ONCE` under way. */
async function inTurns(items, work) {
  const results = [];
  const queue = items.values();
  // They share one iterator, so each takes what the others have not.
  const worker = async () => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** Prints the figures and returns the exit code that they mean. */
function report({ perSecond, before, after }) {
  const growth = sizeOf(after) - sizeOf(before);
  console.log(
    `${Math.round(perSecond).toLocaleString('en')} verified assertions per second, ${AT_ONCE} at once over TLS, a signed token for each`,
  );
  console.log(`after ${WARM_UP.toLocaleString('en')} requests:  ${megabytes(sizeOf(before))} in use, ${megabytes(before.rss)} resident`);
  console.log(`after ${REQUESTS.toLocaleString('en')} requests: ${megabytes(sizeOf(after))} in use, ${megabytes(after.rss)} resident`);
  const isBounded = growth <= MOST_GROWTH_BYTES;
  console.log(`growth ${megabytes(growth)}, at most ${megabytes(MOST_GROWTH_BYTES)}: ${isBounded ? 'ok' : 'TOO MUCH'}`);
  return isBounded ? 0 : 1;
}

/** What is in use after a collection. The resident set is only printed: an allocator keeps what it may need again. */
function sizeOf({ heapUsed, external }) {
  return heapUsed + external;
}

function megabytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
