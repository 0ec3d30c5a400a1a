/** Spans of token requests, as OpenTelemetry's SDK receives them. */
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { Events } from '../../src/events.ts';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { startTelemetry } from './telemetry.ts';

test('a token request is a client span with the semantic attributes and its own', async () => {
  const loopback = await startLoopback(sendToken);
  const telemetry = startTelemetry();
  await sourceFor(loopback, { name: 'reports' }).source.getToken('a');
  const [span, ...others] = telemetry.spans();
  expect(others).toEqual([]);
  expect(span).toMatchObject({ name: 'token request', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
  expect(span?.attributes).toEqual({
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(loopback.origin).port),
    'http.response.status_code': 200,
    'client_credentials.source': 'reports',
    'client_credentials.credential': 'secret',
    'client_credentials.outcome': 'token',
    'client_credentials.scope': 'a',
  });
});

test('each attempt is a span; what failed says with which error, and what was repeated says so', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendJson(response, { error: 'temporarily_unavailable' }, 503) : sendToken(response, index, received),
  );
  const telemetry = startTelemetry();
  await sourceFor(loopback).source.getToken('a');
  const [failed, repeated] = telemetry.spans();
  expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(failed?.attributes).toMatchObject({
    'http.response.status_code': 503,
    'error.type': 'temporarily_unavailable',
    'client_credentials.outcome': 'refused',
  });
  expect(failed?.attributes).not.toHaveProperty(['http.request.resend_count']);
  expect(repeated?.attributes).toMatchObject({ 'http.request.resend_count': 1, 'client_credentials.outcome': 'token' });
  expect(repeated?.attributes).not.toHaveProperty(['error.type']);
});

test('the tenant and the numbers of Entra’s errors are on the span', () => {
  const telemetry = startTelemetry();
  const refused = { credential: 'secret', scope: 's', attempt: 1, outcome: 'refused', error: 'invalid_client', durationMs: 1 } as const;
  new Events('s').publish('token-request', () => ({ ...refused, tenant: 'contoso.com', errorCodes: [7_000_215] }));
  expect(telemetry.spans()[0]?.attributes).toMatchObject({
    'client_credentials.tenant': 'contoso.com',
    'client_credentials.error_codes': [7_000_215],
  });
});

test.each([0.25, Date.UTC(2026, 11) / 1000])(
  'a span lasts from the beginning of the attempt to its end, by whatever clock: %d s',
  (endSeconds) => {
    const telemetry = startTelemetry({ now: () => endSeconds * 1000 });
    publishRequest({ durationMs: 125 });
    const [span] = telemetry.spans();
    const inSeconds = ([seconds = 0, nanoseconds = 0] = []) => seconds + nanoseconds / 1e9;
    expect([inSeconds(span?.startTime), inSeconds(span?.endTime)]).toEqual([endSeconds - 0.125, endSeconds]);
  },
);

test('a clock that was set back makes a span without a length', () => {
  const nowMs = Date.UTC(2026, 11);
  const telemetry = startTelemetry({ now: () => nowMs });
  publishRequest({ durationMs: -3_600_000 });
  const [span] = telemetry.spans();
  expect([span?.startTime, span?.duration]).toEqual([
    [nowMs / 1000, 0],
    [0, 0],
  ]);
});

test.each([
  ['login.microsoftonline.com', { 'server.address': 'login.microsoftonline.com' }],
  ['[::1]', { 'server.address': '[::1]' }],
  ['[::1]:8443', { 'server.address': '[::1]', 'server.port': 8443 }],
  [undefined, {}],
])('the host %s becomes %j', (host, expected) => {
  const telemetry = startTelemetry();
  publishRequest({ ...(host !== undefined && { host }) });
  const attributes = Object.entries(telemetry.spans()[0]?.attributes ?? {});
  expect(Object.fromEntries(attributes.filter(([name]) => name.startsWith('server.')))).toEqual(expected);
});

test('the span is a child of what its caller was being traced in', async () => {
  const loopback = await startLoopback(sendToken);
  const telemetry = startTelemetry();
  const parent = trace.getTracer('test').startSpan('job');
  await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => sourceFor(loopback).source.getToken('a'));
  const [span] = telemetry.spans();
  expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
});

function publishRequest(more: { readonly durationMs?: number; readonly host?: string }): void {
  const request = { credential: 'secret', scope: 's', attempt: 1, outcome: 'token', durationMs: 1 } as const;
  new Events('s').publish('token-request', () => ({ ...request, ...more }));
}
