/** The inspector's files over HTTP: what is served, with which headers, and what is not. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerInspectorRequest } from '../src/inspector-assets.ts';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText } from './raw.ts';

let harness: Harness;
let page: string;
beforeAll(async () => {
  harness = await startHarness();
  page = `${harness.mock.platformUrl}/__inspector/`;
});
afterAll(() => harness.close());

const FOLDER = new URL('../inspector/', import.meta.url);
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'";
const SAFE = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

test('the URL of the inspector is that of its page, and the token stands where no server sees it', async () => {
  expect(harness.mock.inspectorUrl).toBe(`${page}#token=${harness.mock.controlToken}`);
  const reply = await harness.send(page);
  expect(reply).toMatchObject({ status: 200, headers: { ...SAFE, 'content-type': 'text/html; charset=utf-8' } });
  expect(reply.text).toBe(readFileSync(new URL('index.html', FOLDER), 'utf8'));
});

test('every file the page asks for is served with its type, and there is no other', async () => {
  const types: Record<string, string> = {
    html: 'text/html; charset=utf-8',
    css: 'text/css; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    svg: 'image/svg+xml',
  };
  const asked = new Set(['index.html']);
  for (const name of asked) {
    const reply = await harness.send(`${page}${name}`);
    expect(reply).toMatchObject({ status: 200, headers: { ...SAFE, 'content-type': types[name.split('.')[1] ?? ''] } });
    for (const other of namesIn(reply.text)) asked.add(other);
  }
  expect([...asked].sort()).toEqual(
    readdirSync(FOLDER)
      .filter((name) => name !== 'tsconfig.json')
      .sort(),
  );
});

/** The files that a page links to, or a module imports. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/(?:href="|src="|from '\.\/)([\w-]+\.\w+)/g)].map(([, name]) => name ?? '');
}

test('the page brings everything with it, and has no script or style inside', () => {
  for (const name of readdirSync(FOLDER)) {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    const origins = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([origin]) => origin);
    // A name that is never fetched, and where links for the reader lead.
    expect(origins.filter((origin) => !['http://www.w3.org', 'https://www.rfc-editor.org'].includes(origin))).toEqual([]);
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser/);
    expect(name.endsWith('.html') ? text : '').not.toMatch(/<style|<script(?![^>]* src=)|\s(style|on\w+)=/);
  }
});

test('HEAD is answered like GET, without the body', async () => {
  const [head, get] = [await harness.send(page, { method: 'HEAD' }), await harness.send(page)];
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']]);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused: the page can only be read', async (method) => {
  expect(await harness.send(page, { method })).toMatchObject({ status: 405, headers: { ...SAFE, allow: 'GET, HEAD' } });
});

test.each([
  'nothing.js',
  'tsconfig.json',
  '../package.json',
  '../src/index.ts',
  '%2e%2e/package.json',
  '..%2fpackage.json',
  '..\\package.json',
  './index.html',
  '/index.html',
  '//etc/passwd',
  'file:///etc/passwd',
  'constructor',
  'index.html/',
  'index.html%00',
  'INDEX.HTML',
])('%s is nothing that can be asked for', async (name) => {
  const origin = harness.mock.platformUrl;
  const { host } = new URL(origin);
  const wire = openWire(origin, `GET /__inspector/${name} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  await wire.ended;
  expect(wire.received()).toMatch(/^HTTP\/1\.1 404 /);
});

test('a page of another origin is refused, whatever it asks for; one of its own is not', async () => {
  for (const origin of ['https://attacker.example', 'null', harness.mock.authorityHost]) {
    expect((await harness.send(page, { headers: { origin } })).status).toBe(403);
  }
  expect((await harness.send(page, { headers: { origin: harness.mock.platformUrl } })).status).toBe(200);
});

test('under a foreign name there is nothing', async () => {
  const wire = openWire(harness.mock.platformUrl, requestText('GET', page, { headers: { host: 'attacker.example', connection: 'close' } }));
  await wire.ended;
  expect(wire.received()).toMatch(/^HTTP\/1\.1 421 /);
});

test('it is on the local listener only, and in no journal', async () => {
  harness.mock.reset();
  await harness.send(page);
  expect(harness.mock.journal).toEqual([]);
  expect((await harness.send(`${harness.mock.authorityHost}/__inspector/`)).status).toBe(404);
});

test('files that are not there are missed by name', async () => {
  const request = { method: 'GET', path: '/__inspector/main.js', headers: {}, origin: harness.mock.platformUrl };
  expect(await answerInspectorRequest(request, { folder: new URL('../nowhere/', import.meta.url) })).toEqual({
    status: 500,
    headers: { ...SAFE, 'content-type': 'text/plain; charset=utf-8' },
    body: "The inspector's file main.js is not beside the package's code: install the package anew.\n",
  });
});
