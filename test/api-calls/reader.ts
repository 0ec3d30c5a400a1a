/**
 * A daemon that reads a large collection and writes down each page with its checkpoint, in one line; it goes on behind the last whole
 * line. Its environment says where everything is. It prints what it cost.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createApiCaller } from '@client-credentials/api-caller';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';

const { AUTHORITY = '', TENANT = '', CLIENT = '', SECRET = '', CA = '', API = '', SCOPE = '', COUNT = '', LOG = '' } = process.env;
const ca = readFileSync(CA, 'utf8');
/** What a line of the log holds. */
interface Line {
  readonly first: number;
  readonly last: number;
  readonly checkpoint?: string;
}

const tokens = createTokenSource({
  authority: entra({ tenant: TENANT, authorityHost: AUTHORITY }),
  clientId: CLIENT,
  credential: secret(SECRET),
  ca,
});
const api = createApiCaller({ baseUrl: API, scope: SCOPE, tokens, ca });
const lines: Line[] = existsSync(LOG)
  ? readFileSync(LOG, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  : [];
const from = lines.at(-1)?.checkpoint;
const heaps: number[] = [];

if (lines.length === 0 || from !== undefined) {
  for await (const { items, checkpoint } of api.pages<{ number: number }>(`items?count=${COUNT}&$top=1000`, { from, prefetch: true })) {
    const [first] = items;
    appendFileSync(LOG, `${JSON.stringify({ first: first?.number, last: items.at(-1)?.number, checkpoint })}\n`);
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed);
  }
}
await api.close();
await tokens.close();
const third = Math.floor(heaps.length / 3);
const largest = (some: readonly number[]): number => Math.max(0, ...some);
console.log(JSON.stringify({ pages: heaps.length, grownBytes: largest(heaps.slice(-third)) - largest(heaps.slice(third, 2 * third)) }));
