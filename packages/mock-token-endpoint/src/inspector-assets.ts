/** Serves the inspector, a web page that shows what the mock receives and answers. Its files hold nothing secret: what they show comes from the control interface. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Answer, isRead, type MockRequest } from './server/http.ts';

/** Where the page is on the local listener. */
export const INSPECTOR_PATH: string = '/__inspector/';

/** Answers a request below `INSPECTOR_PATH`: one of the page's files, or why not. */
export async function answerInspectorRequest(
  { method, path, headers, origin }: Pick<MockRequest, 'method' | 'path' | 'headers' | 'origin'>,
  { folder = FOLDER }: { readonly folder?: URL } = {},
): Promise<Answer> {
  const name = path.slice(INSPECTOR_PATH.length) || 'index.html';
  const type = FILES.has(name) ? TYPES[extname(name)] : undefined;
  if (headers['origin'] !== undefined && headers['origin'] !== origin) return refusal(403, `Only pages of ${origin} may ask for this.`);
  if (type === undefined) return refusal(404, `The inspector is at ${INSPECTOR_PATH}; it has no such file.`);
  if (!isRead({ method })) return refusal(405, 'The inspector can only be read: use GET.', { allow: 'GET, HEAD' });
  const body = await readOnce(new URL(name, folder));
  if (!body) return refusal(500, `The inspector's file ${name} is not beside the package's code: install the package anew.`);
  return { status: 200, headers: { ...SAFE, 'content-type': type }, body };
}

function refusal(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...SAFE, 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

/** The file's bytes, or `undefined` when it cannot be read. */
async function readOnce(file: URL): Promise<Uint8Array | undefined> {
  const bytes = contents.get(file.href) ?? (await readFile(file).catch(() => undefined));
  if (bytes) contents.set(file.href, bytes);
  return bytes;
}

// Like a module's code, read on first use and never again: the page stays whole when the package is built anew under a running mock. All mocks
// share it, for it says nothing of any of them: it is the package's files, and one that could not be read is not in it.
const contents = new Map<string, Uint8Array>();

// The same place from `src` and from the built file in `dist`.
const FOLDER = new URL('../inspector/', import.meta.url);

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // The page shows what strangers sent: the browser itself refuses to parse a string as HTML.
  "require-trusted-types-for 'script'",
];

/** What goes with every answer, good or bad. */
const SAFE: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY.join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What there is. Nothing else in the folder, and nothing outside it, can be asked for. */
const FILES: ReadonlySet<string> = new Set([
  'answer-sections.js',
  'api.js',
  'base.css',
  'clock.js',
  'control-token.js',
  'curl.js',
  'detail.js',
  'dom.js',
  'exchange.css',
  'explain-answer.js',
  'explain-jwt.js',
  'explain-metadata.js',
  'explain-request.js',
  'explain.js',
  'faults.js',
  'fields.js',
  'filter.js',
  'follow.js',
  'icon.svg',
  'index.html',
  'keys.js',
  'layout.css',
  'list.js',
  'main.js',
  'mask.js',
  'outcome.js',
  'request-sections.js',
  'scripted-answer.js',
  'status-chip.js',
  'steering.css',
  'steering.js',
  'time.js',
  'verdict.js',
  'welcome.js',
]);
