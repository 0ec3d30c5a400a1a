/** What an API caller tells while it works, and what it tells the API of a trace. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import type { ApiCallerEvents } from '../../src/index.ts';
import { callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

type Told = Record<string, unknown> & { readonly event: string };

/** Every event, without the times and the host that a test cannot know. */
function listen(onStart: (trace: ApiCallerEvents['start']['trace']) => void = () => {}): Told[] {
  const told: Told[] = [];
  for (const event of ['start', 'attempt', 'end', 'retry', 'token-rejected', 'redirect']) {
    const hear = (message: unknown): void => {
      const { durationMs: _durationMs, host: _host, trace, ...rest } = message as ApiCallerEvents['start'] & { durationMs?: number };
      if (event === 'start') onStart(trace);
      told.push({ event, ...rest });
    };
    subscribe(`client-credentials:api-caller:${event}`, hear);
    onTestFinished(() => void unsubscribe(`client-credentials:api-caller:${event}`, hear));
  }
  return told;
}

test('attempts, pauses, rejected tokens, redirects and the end of a call are told, and nothing of what it is about', async () => {
  const told = listen();
  const api = await startApi((response, index) => {
    if (index === 0) response.writeHead(503).end();
    else if (index === 1) response.writeHead(401).end();
    else if (index === 2) response.writeHead(302, { location: '/v1.0/new?MARKER' }).end();
    else sendJson(response, {});
  });
  const tokens = async (_scope: string, { rejectedToken }: { rejectedToken?: unknown }) =>
    rejectedToken === undefined ? 'MARKER-1' : 'MARKER-2';
  await callerOf(api, { tokens, random: () => 0 }).getJson('users/MARKER?q=MARKER', { headers: { 'x-key': 'MARKER' } });
  const method = 'GET';
  expect(told).toEqual([
    { event: 'start', method },
    { event: 'attempt', method, attempt: 1, status: 503 },
    { event: 'retry', method, attempt: 1, delayMs: 0, status: 503 },
    { event: 'attempt', method, attempt: 2, status: 401 },
    { event: 'token-rejected', method, remedy: 'renew' },
    { event: 'attempt', method, attempt: 2, status: 302 },
    { event: 'redirect', method, status: 302, followed: true },
    { event: 'attempt', method, attempt: 2, status: 200 },
    { event: 'end', method, attempts: 2, status: 200 },
  ]);
  expect(JSON.stringify(told)).not.toContain('MARKER');
});

test('a failure is told by its code, and one of the caller’s own by its class alone', async () => {
  const told = listen();
  const api = await startApi((response) => response.destroy());
  await rejectionOf(callerOf(api, { maxAttempts: 1 }).getJson('x'));
  await rejectionOf(
    callerOf(api, {
      tokens: async () => {
        throw new RangeError('MARKER');
      },
    }).getJson('x'),
  );
  expect(told.filter(({ event }) => event !== 'start')).toEqual([
    { event: 'attempt', method: 'GET', attempt: 1, error: 'network' },
    { event: 'end', method: 'GET', attempts: 1, error: 'network' },
    { event: 'end', method: 'GET', attempts: 0, error: 'RangeError' },
  ]);
});

test.for<[string, ApiCallerEvents['start']['trace'], object]>([
  [
    'a trace goes out',
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'v=1' },
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'v=1' },
  ],
  ['what is none does not', { traceparent: 'a\r\nb', tracestate: 'v=1' }, {}],
  [
    'nor does a state that no field can hold',
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'v\n' },
    { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
  ],
])('%s', async ([, given, expected]) => {
  listen((trace) => Object.assign(trace, given));
  const api = await startApi((response) => sendJson(response, {}));
  await callerOf(api).getJson('x');
  const { traceparent, tracestate } = api.received[0]?.headers ?? {};
  expect({ ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) }).toEqual(expected);
});
