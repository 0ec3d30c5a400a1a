/** What the event `token-request` says of an attempt that failed: the host too, if it was asked. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { issuer, secret, type TokenSourceEvents, type TokenSourceOptions } from '../src/index.ts';
import { type Answer, sendJson, sendToken, startLoopback } from './loopback.ts';
import { sourceFor } from './source.ts';

const CHANNEL = 'client-credentials:token-source:token-request';

/** The events of one call, with the host in words. */
async function events(answer: Answer, options: Partial<TokenSourceOptions> = {}): Promise<object[]> {
  const heard: object[] = [];
  const listener = (event: unknown): void => {
    const { host, status, outcome, error, attempt } = event as TokenSourceEvents['token-request'];
    const where = host === new URL(loopback.origin).host ? 'the endpoint' : host;
    heard.push({ host: where, status, outcome, error, attempt });
  };
  const loopback = await startLoopback(answer);
  subscribe(CHANNEL, listener);
  onTestFinished(() => void unsubscribe(CHANNEL, listener));
  const { source } = sourceFor(loopback, { maxAttempts: 1, ...options });
  await source.getToken('a').catch(() => {});
  return heard;
}

test.each<readonly [string, Answer, string, Partial<TokenSourceOptions>]>([
  ['breaks off', (response) => response.destroy(), 'network', {}],
  ['never answers', () => {}, 'timeout', { attemptTimeoutMs: 50 }],
  ['redirects', (response) => response.writeHead(307, { location: 'https://elsewhere.example' }).end(), 'redirected', {}],
])('an endpoint that %s is named', async (_, answer, error, options) => {
  expect(await events(answer, options)).toEqual([{ host: 'the endpoint', status: undefined, outcome: 'failed', error, attempt: 1 }]);
});

test('an endpoint that answers is named with its status, in every attempt', async () => {
  const heard = await events(
    (response, index, received) => (index === 0 ? sendJson(response, {}, 503) : sendToken(response, index, received)),
    {
      maxAttempts: 2,
    },
  );
  expect(heard).toMatchObject([
    { host: 'the endpoint', status: 503, outcome: 'failed', attempt: 1 },
    { host: 'the endpoint', status: 200, outcome: 'token', attempt: 2 },
  ]);
});

test.each<readonly [string, Partial<TokenSourceOptions>, string]>([
  ['the credential cannot be had', { credential: secret(() => Promise.reject(new Error('vault down'))) }, 'credential_unavailable'],
  ['the server cannot be found', { authority: issuer('http://127.0.0.1:9', { allowHttpLoopback: true }) }, 'network'],
])('where %s no endpoint is named: none was asked', async (_, options, error) => {
  expect(await events(sendToken, options)).toEqual([{ host: undefined, status: undefined, outcome: 'failed', error, attempt: 1 }]);
});
