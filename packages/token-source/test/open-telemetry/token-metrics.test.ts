/** Metrics of token sources, as OpenTelemetry's SDK receives them. */
import type { Histogram } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { Events } from '../../src/events.ts';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { type Point, startTelemetry, type Telemetry } from './telemetry.ts';

test('token requests are counted by credential, outcome, status and error', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendJson(response, { error: 'invalid_client' }, 401) : sendToken(response, index, received),
  );
  const telemetry = startTelemetry();
  const { source } = sourceFor(loopback, { name: 'reports' });
  await expect(source.getToken('a')).rejects.toThrow();
  await source.getToken('b');
  await source.getToken('c');
  const common = { source: 'reports', credential: 'secret' };
  expect(await telemetry.points('token_requests')).toEqual([
    [{ ...common, outcome: 'refused', 'http.response.status_code': 401, 'error.type': 'invalid_client' }, 1],
    [{ ...common, outcome: 'token', 'http.response.status_code': 200 }, 2],
  ]);
});

test('how long token requests took is a histogram in seconds', async () => {
  const telemetry = startTelemetry();
  for (const durationMs of [30, 700, -1000]) publishRequest({ outcome: 'token', durationMs });
  const [[attributes, histogram]] = (await telemetry.points('token_request.duration')) as [[object, Histogram]];
  expect(attributes).toEqual({ source: 's', outcome: 'token' });
  expect(histogram).toMatchObject({ count: 3, sum: 0.73, min: 0, max: 0.7 });
  expect(histogram.buckets.boundaries).toContain(0.5);
});

test('what a server calls an error by a word of its own is _OTHER, and what this side calls one is its name', async () => {
  const telemetry = startTelemetry();
  publishRequest({ outcome: 'refused', error: 'marker-made-up' });
  publishRequest({ outcome: 'failed', error: 'credential_unavailable' });
  publishRequest({ outcome: 'refused', error: 'invalid_scope' });
  const points = await telemetry.points('token_requests');
  expect(points.map(([attributes]) => attributes['error.type'])).toEqual(['_OTHER', 'credential_unavailable', 'invalid_scope']);
  expect(await telemetry.text()).not.toContain('marker');
});

test('tokens given are counted by where they came from, with the lifetime they had left in seconds', async () => {
  const loopback = await startLoopback(sendToken);
  const telemetry = startTelemetry();
  const { source, clock } = sourceFor(loopback);
  await source.getToken('a');
  clock.nowMs += 600_000;
  await source.getToken('a');
  await source.getToken('a');
  expect(await telemetry.points('tokens')).toEqual([
    [{ source: 'token-source', from: 'server' }, 1],
    [{ source: 'token-source', from: 'memory' }, 2],
  ]);
  expect(await telemetry.points('token.remaining_lifetime')).toMatchObject([
    [{ source: 'token-source' }, { count: 3, sum: 9600, min: 3000, max: 3600 }],
  ]);
});

test('credentials passed over, pauses asked for and clocks that differ are recorded', async () => {
  const telemetry = startTelemetry();
  const events = new Events('s');
  events.publish('credential-skipped', () => ({ credential: 'certificate', error: 'certificate_expired' }));
  events.publish('throttled', () => ({ tenant: 'marker-tenant', retryAtMs: 5000 }));
  events.publish('throttled', () => ({ retryAtMs: 9000 }));
  events.publish('clock-offset', () => ({ host: 'marker-host', offsetMs: 90_000 }));
  events.publish('clock-offset', () => ({ host: 'marker-host', offsetMs: -120_000 }));
  expect(await telemetry.points('credentials_skipped')).toEqual([
    [{ source: 's', credential: 'certificate', 'error.type': 'certificate_expired' }, 1],
  ]);
  expect(await telemetry.points('throttles')).toEqual([[{ source: 's' }, 2]]);
  expect(await telemetry.points('clock_offset')).toEqual([[{ source: 's' }, -120]]);
  expect(await telemetry.text()).not.toContain('marker');
});

test('no metric names a tenant, a scope, a client or a host, and nothing at all is secret', async () => {
  const loopback = await startLoopback((response) =>
    sendJson(response, { access_token: 'marker-token', token_type: 'Bearer', expires_in: 3600 }),
  );
  const telemetry = startTelemetry();
  await sourceFor(loopback, { clientId: 'named-client' }).source.getToken('named-scope');
  await sourceFor(loopback, { clientId: 'named-client' }).source.getToken('named-scope');
  const text = await telemetry.text();
  expect(text).not.toContain('marker');
  const [spans, metrics] = JSON.parse(text);
  expect(JSON.stringify(spans)).toContain('named-scope');
  expect(JSON.stringify(metrics)).toContain('client_credentials.cache.lookups');
  expect(JSON.stringify(metrics)).not.toMatch(/named-|127\.0\.0\.1/);
});

test('how many days a credential has left is reckoned when it is asked for', async () => {
  const { telemetry, clock } = telemetryWithClock();
  publishCredential('certificate', 10 * DAY_MS);
  expect(await daysLeft(telemetry)).toEqual([[{ source: 's', credential: 'certificate' }, 10]]);
  clock.nowMs += 10.5 * DAY_MS;
  expect(await daysLeft(telemetry)).toEqual([[{ source: 's', credential: 'certificate' }, -0.5]]);
});

test('a credential that takes another’s place takes its days’ place', async () => {
  const { telemetry } = telemetryWithClock();
  publishCredential('certificate', 3 * DAY_MS);
  publishCredential('certificate', 90 * DAY_MS);
  expect(await daysLeft(telemetry)).toEqual([[{ source: 's', credential: 'certificate' }, 90]]);
  publishRequest({ outcome: 'token', credential: 'secret' });
  expect(await daysLeft(telemetry)).toEqual([]);
});

test('the days stay known while the credential cannot be loaded', async () => {
  const { telemetry } = telemetryWithClock();
  publishCredential('certificate', DAY_MS);
  publishRequest({ outcome: 'failed', error: 'certificate_expired', credential: 'certificate' });
  expect(await daysLeft(telemetry)).toEqual([[{ source: 's', credential: 'certificate' }, 1]]);
});

const DAY_MS = 86_400_000;

function telemetryWithClock(): { readonly telemetry: Telemetry; readonly clock: { nowMs: number } } {
  const clock = { nowMs: 0 };
  return { telemetry: startTelemetry({ now: () => clock.nowMs }), clock };
}

function daysLeft(telemetry: Telemetry): Promise<readonly Point[]> {
  return telemetry.points('credential.days_left');
}

function publishCredential(credential: string, credentialExpiresAtMs: number): void {
  publishRequest({ outcome: 'token', credential, credentialExpiresAtMs });
}

function publishRequest(more: {
  readonly outcome: 'token' | 'refused' | 'failed';
  readonly error?: string;
  readonly durationMs?: number;
  readonly credential?: string;
  readonly credentialExpiresAtMs?: number;
}): void {
  new Events('s').publish('token-request', () => ({ credential: 'secret', scope: 's', attempt: 1, durationMs: 1, ...more }));
}
