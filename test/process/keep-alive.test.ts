/** A process lives as long as somebody waits for a token, and no longer. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

test('a program whose only work is to await a token during a Retry-After of 3 s prints it', async () => {
  const { origin } = await startEndpoint((response, index) => {
    if (index === 0) response.writeHead(429, { 'retry-after': '3' }).end();
    else sendToken(response);
  });
  const program = await bundleProgram(`${source(origin)}
    console.log((await tokens.getToken('a')).value);`);
  expect(await startProgram(program).outcome).toEqual({ code: 0, stdout: 'the-token\n', stderr: '' });
});

test('a program that ends with a refresh in the background ends at once, though its server never answers', async () => {
  const { origin, second, connections } = await startEndpoint((response, index) => {
    if (index === 0) sendToken(response);
  });
  // The attempt and the flight would last longer than this test may. The connection is at rest before it is used again.
  const program = await bundleProgram(`${source(origin, 'attemptTimeoutMs: 600_000, deadlineMs: 600_000, now: () => nowMs,')}
    await tokens.getToken('a');
    await new Promise((resolve) => setTimeout(resolve, 50));
    nowMs += 3_400_000;
    console.log((await tokens.getToken('a')).value);
    process.stdin.once('data', () => process.stdin.destroy());`);
  const { child, outcome } = startProgram(program);
  await second;
  child.stdin?.write('the refresh has arrived\n');
  expect(await outcome).toEqual({ code: 0, stdout: 'the-token\n', stderr: '' });
  expect(connections()).toBe(1);
});

test('a program that ends with a pause of a refresh in the background ends at once', async () => {
  const { origin, second } = await startEndpoint((response, index) => {
    if (index === 0) sendToken(response);
    else response.writeHead(429, { 'retry-after': '500' }).end();
  });
  const program = await bundleProgram(`${source(origin, 'deadlineMs: 600_000, now: () => nowMs,')}
    await tokens.getToken('a');
    nowMs += 3_400_000;
    console.log((await tokens.getToken('a')).value);
    process.stdin.once('data', () => process.stdin.destroy());`);
  const { child, outcome } = startProgram(program);
  await second;
  child.stdin?.write('the refresh has arrived\n');
  expect(await outcome).toEqual({ code: 0, stdout: 'the-token\n', stderr: '' });
});

test('a program that waits on a refresh which began in the background lives until it has the token', async () => {
  let answerSecond = (): void => {};
  const { origin, second } = await startEndpoint((response, index) => {
    if (index === 0) sendToken(response);
    else answerSecond = () => sendToken(response, 'the-second-token');
  });
  const program = await bundleProgram(`${source(origin, 'now: () => nowMs,')}
    await tokens.getToken('a');
    nowMs += 3_400_000;
    await tokens.getToken('a');
    console.log((await tokens.getToken('a', { forceRefresh: true })).value);`);
  const { outcome } = startProgram(program);
  await second;
  answerSecond();
  expect(await outcome).toEqual({ code: 0, stdout: 'the-second-token\n', stderr: '' });
});

/** The head of a program: a token source for this endpoint, and a clock that it may use. */
function source(origin: string, options = ''): string {
  return `import { createTokenSource, issuer, secret } from '@client-credentials/token-source';
    let nowMs = Date.now();
    const tokens = createTokenSource({
      authority: issuer('${origin}', { tokenEndpoint: '${origin}/token', allowHttpLoopback: true }),
      clientId: 'me',
      credential: secret('s'),
      ${options}
    });`;
}

function sendToken(response: ServerResponse, access_token = 'the-token'): void {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: 3600 }));
}

/** `second` resolves when the second request has arrived whole. */
async function startEndpoint(answer: (response: ServerResponse, index: number) => void): Promise<{
  origin: string;
  second: Promise<void>;
  connections: () => number;
}> {
  let connected = 0;
  let requests = 0;
  let arrived = (): void => {};
  const second = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      answer(response, requests);
      requests += 1;
      if (requests === 2) arrived();
    });
  });
  server.on('connection', () => {
    connected += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, second, connections: () => connected };
}
