/** Calls of APIs as OpenTelemetry's SDK receives them, made by a real API caller. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiCallerOptions, createApiCaller } from '@client-credentials/api-caller';
import { context, propagation, SpanKind, SpanStatusCode, type TextMapPropagator, trace } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { startTelemetry } from './telemetry.ts';

/** An API that answers with these statuses in turn, and the headers it was sent. */
async function startCalls(statuses: readonly number[], options: Partial<ApiCallerOptions> = {}) {
  const received: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    response.writeHead(statuses[received.push(request.headers) - 1] ?? 200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const caller = createApiCaller({
    baseUrl: `http://127.0.0.1:${port}/`,
    scope: 's',
    tokens: async (_scope, { rejectedToken }) => (rejectedToken === undefined ? 'SECRET-1' : 'SECRET-2'),
    allowHttpLoopback: true,
    sleep: async () => {},
    ...options,
  });
  onTestFinished(async () => {
    await caller.close();
    server.close();
  });
  return { caller, received, port };
}

test('each attempt is a client span, and what was repeated says so', async () => {
  const telemetry = startTelemetry();
  const { caller, port } = await startCalls([503, 200]);
  await caller.getJson('users/ada?secret=1');
  const [failed, repeated, ...others] = telemetry.spans();
  expect(others).toEqual([]);
  const common = { 'http.request.method': 'GET', 'server.address': '127.0.0.1', 'server.port': port };
  expect(failed).toMatchObject({ name: 'GET', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.ERROR } });
  expect(failed?.attributes).toEqual({ ...common, 'http.response.status_code': 503 });
  expect(repeated).toMatchObject({ status: { code: SpanStatusCode.UNSET } });
  expect(repeated?.attributes).toEqual({ ...common, 'http.response.status_code': 200, 'http.request.resend_count': 1 });
});

test('calls, repetitions and rejected tokens are measured, and nothing secret is', async () => {
  const telemetry = startTelemetry();
  const { caller, port } = await startCalls([503, 401, 200]);
  await caller.getJson('users/ada?secret=1');
  const common = { 'http.request.method': 'GET', 'server.address': '127.0.0.1', 'server.port': port };
  const [[attributes, histogram] = []] = await telemetry.points('api_call.duration');
  expect([attributes, histogram]).toMatchObject([{ ...common, 'http.response.status_code': 200 }, { count: 1 }]);
  expect(await telemetry.points('api_retries')).toEqual([[{ ...common, 'http.response.status_code': 503 }, 1]]);
  expect(await telemetry.points('tokens_rejected')).toEqual([[{ 'server.address': '127.0.0.1', 'server.port': port, remedy: 'renew' }, 1]]);
  expect(await telemetry.text()).not.toMatch(/SECRET|secret|ada/);
});

test('a call that gets no answer is measured with the code of its error', async () => {
  const telemetry = startTelemetry();
  const { caller } = await startCalls([], {
    dispatcher: undefined,
    attemptTimeoutMs: 1000,
    maxAttempts: 1,
    baseUrl: 'http://127.0.0.1:9/',
  });
  await caller.getJson('x').catch(() => {});
  expect(telemetry.spans()[0]?.attributes).toMatchObject({ 'error.type': 'network' });
  expect((await telemetry.points('api_call.duration'))[0]?.[0]).toMatchObject({ 'error.type': 'network' });
});

test('the API is told of the active trace, and of nothing else that a propagator writes', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const propagator: TextMapPropagator = {
    inject: (_context, carrier, setter) => {
      setter.set(carrier, 'traceparent', traceparent);
      setter.set(carrier, 'tracestate', 'vendor=1');
      setter.set(carrier, 'baggage', 'user=ada');
    },
    extract: (from) => from,
    fields: () => [],
  };
  propagation.setGlobalPropagator(propagator);
  onTestFinished(() => propagation.disable());
  startTelemetry();
  const { caller, received } = await startCalls([503, 200]);
  await caller.getJson('x');
  await caller.getJson('x', { headers: { traceparent: 'mine' } });
  expect(received.map((headers) => [headers['traceparent'], headers['tracestate'], headers['baggage']])).toEqual([
    [traceparent, 'vendor=1', undefined],
    [traceparent, 'vendor=1', undefined],
    ['mine', undefined, undefined],
  ]);
});

test('spans are children of what their caller is being traced in', async () => {
  const telemetry = startTelemetry();
  const { caller } = await startCalls([200]);
  const parent = trace.getTracer('test').startSpan('job');
  await context.with(trace.setSpan(context.active(), parent), () => caller.getJson('x'));
  expect(telemetry.spans()[0]?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
});
