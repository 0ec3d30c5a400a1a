import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { type ApiCaller, createApiCaller } from '../src/index.ts';
import { callerOf, collect, rejectionOf, sendJson, startApi } from './support.ts';

const TOKEN = 'eyJ0eXAi.MARKER-OF-THE-TOKEN.c2ln';
const KEY = 'MARKER-OF-AN-API-KEY';
const MARKERS = /MARKER/;

/** Everything a program may print of a value. */
function printed(value: unknown): string {
  const error = value instanceof Error ? `${value.message} ${value.stack}` : '';
  return [inspect(value, { depth: 20, showHidden: true, getters: true }), JSON.stringify(value), String(value), error].join('\n');
}

test('no error shows the token, a header, a body or a query, whatever the API answers', async () => {
  const api = await startApi((response, _index, { path, headers, body }) => {
    const echo = JSON.stringify([headers, body]);
    if (path.includes('lost')) return response.destroy();
    if (path.includes('garbage')) return response.socket?.end(`HTTP/1.1 200 OK\r\nX-Bad\u0000: ${headers.authorization}\r\n\r\n`);
    if (path.includes('html')) return response.writeHead(200, { 'content-type': `text/html; ${headers.authorization}` }).end(echo);
    if (path.includes('truncated')) return response.writeHead(200, { 'content-type': 'application/json' }).end(`{"echo":${echo}`);
    if (path.includes('large')) return sendJson(response, echo.repeat(1000));
    if (path.includes('redirect')) return response.writeHead(307, { location: `https://api.example/?token=${TOKEN}` }).end();
    if (path.includes('link')) return sendJson(response, { value: [], '@odata.nextLink': `https://api.example/?token=${TOKEN}` });
    return sendJson(
      response,
      {
        error: {
          code: `E-${TOKEN}`,
          message: `Cannot use ${headers.authorization} nor ${headers.authorization} for ${path.split('?')[0]}`,
        },
      },
      401,
      { 'request-id': TOKEN },
    );
  });
  const caller = callerOf(api, {
    tokens: async () => ({ value: TOKEN, expiresAtMs: 0 }),
    headers: { 'x-api-key': KEY },
    maxResponseBytes: 10_000,
  });
  const call = { method: 'PUT', query: { sig: KEY }, headers: { 'x-other-key': KEY }, body: KEY };
  const errors: unknown[] = [];
  for (const path of ['lost', 'garbage', 'html', 'truncated', 'large', 'redirect', 'refused', `https://api.example/?sig=${KEY}`]) {
    errors.push(await rejectionOf(caller.getJson(path, call)));
  }
  errors.push(await rejectionOf(collect(caller.items('link', call))));
  const streamed = { ...call, body: () => Readable.from([KEY]) };
  for (const path of ['lost', 'garbage']) errors.push(await rejectionOf(caller.request(path, streamed)));
  errors.push(await rejectionOf(caller.request('x', { headers: { authorization: TOKEN } })));
  errors.push(await rejectionOf(caller.request('x', { headers: { 'x-key': `${KEY}\n` } })));
  errors.push(await rejectionOf(callerOf(api, { tokens: async () => `${TOKEN}\n` }).request('x')));
  expect(errors.map((error) => (error as { code: string }).code)).toEqual([
    'network',
    'network',
    'response_error',
    'response_error',
    'too_large',
    'redirect_refused',
    'response_error',
    'egress_refused',
    'egress_refused',
    'network',
    'network',
    'reserved_header',
    'invalid_configuration',
    'no_token',
  ]);
  for (const error of errors) expect(printed(error)).not.toMatch(MARKERS);
  expect(errors[6]).toMatchObject({
    apiCode: 'E-[token]',
    apiMessage: 'Cannot use Bearer [token] nor Bearer [token] for /v1.0/refused',
    requestId: '[token]',
  });
});

test('a caller shows neither its tokens nor its headers, before and after a call', async () => {
  const api = await startApi((response) => sendJson(response, {}));
  const caller: ApiCaller = callerOf(api, { tokens: async () => TOKEN, headers: { 'x-api-key': KEY } });
  expect(printed(caller)).not.toMatch(MARKERS);
  await caller.getJson('users');
  expect(printed(caller)).not.toMatch(MARKERS);
  expect(printed(createApiCaller)).not.toMatch(MARKERS);
});
