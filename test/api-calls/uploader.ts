/** A daemon that uploads contents of any size, and prints what the API says of them, how far it went, and how much memory it held. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createApiCaller } from '@client-credentials/api-caller';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';

const { AUTHORITY = '', TENANT = '', CLIENT = '', SECRET = '', CA = '', API = '', SCOPE = '', SIZE = '' } = process.env;
const ca = readFileSync(CA, 'utf8');
const size = Number(SIZE);
const PART = 65_536;

/** Octets that follow from their place, so that nothing is kept of them. */
function contentsAt(from: number): Buffer {
  const block = Buffer.alloc(Math.min(PART, size - from));
  for (let index = 0; index < block.length; index += 1) block[index] = (from + index) % 251;
  return block;
}
async function* contentsFrom(from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < size; at += PART) yield contentsAt(at);
}

const tokens = createTokenSource({
  authority: entra({ tenant: TENANT, authorityHost: AUTHORITY }),
  clientId: CLIENT,
  credential: secret(SECRET),
  ca,
});
const api = createApiCaller({ baseUrl: API, scope: SCOPE, tokens, ca, random: () => 0 });
const { uploadUrl } = await api.postJson<{ uploadUrl: string }>('drive/root:/large.bin:/createUploadSession', {});
const progress: number[] = [];
let heldBytes = 0;
const file = (await api.upload(uploadUrl, {
  size,
  body: contentsFrom,
  onProgress: (bytes) => {
    progress.push(bytes);
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    heldBytes = Math.max(heldBytes, heapUsed + external);
  },
})) as { size: number; file: { hashes: { sha256Hash: string } } };
await api.close();
await tokens.close();
const hash = createHash('sha256');
for (let at = 0; at < size; at += PART) hash.update(contentsAt(at));
console.log(
  JSON.stringify({ size: file.size, isWhole: file.file.hashes.sha256Hash === hash.digest('hex').toUpperCase(), progress, heldBytes }),
);
