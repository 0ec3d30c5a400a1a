/** Starting the recording, ending it, and what happens when the other side of it fails. */
import { hasSubscribers } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { type DiagLogger, diag, type Meter, metrics } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { Events } from '../../src/events.ts';
import { TokenSourceError } from '../../src/index.ts';
import { startOpenTelemetry } from '../../src/opentelemetry.ts';
import { sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { registerProviders, startTelemetry } from './telemetry.ts';

test('after stop nothing more is recorded, and nobody listens', async () => {
  const loopback = await startLoopback(sendToken);
  const telemetry = startTelemetry();
  const { source } = sourceFor(loopback);
  await source.getToken('a');
  publishRequest();
  expect(await telemetry.points('credential.days_left')).toHaveLength(1);
  telemetry.stop();
  await source.getToken('b');
  expect(telemetry.spans()).toHaveLength(2);
  expect(await telemetry.points('credential.days_left')).toEqual([]);
  const channels = ['token-source', 'token-cache'].flatMap(channelsOf);
  expect(channels.length).toBeGreaterThan(12);
  expect(channels.filter((name) => hasSubscribers(name))).toEqual([]);
});

test('a second start is refused, since everything would count twice', () => {
  startTelemetry();
  expect(() => startOpenTelemetry()).toThrow(
    expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining('already') }),
  );
  expect(() => startOpenTelemetry()).toThrow(TokenSourceError);
});

test('after stop it may be started again, and the first one’s stop then ends nothing', async () => {
  const first = startTelemetry();
  first.stop();
  const second = startOpenTelemetry();
  onTestFinished(() => second.stop());
  first.stop();
  publishRequest();
  expect(first.spans()).toHaveLength(1);
  expect(() => startOpenTelemetry()).toThrow('already');
});

test('a meter that throws stops no daemon: OpenTelemetry’s own log hears of it, without what it said', () => {
  registerProviders();
  metrics.disable();
  const broken = (): never => {
    throw new RangeError('marker-secret');
  };
  const instrument = { add: broken, record: broken, addCallback: () => {}, removeCallback: () => {} };
  const createInstrument = (): object => instrument;
  const meter = { createCounter: createInstrument, createHistogram: createInstrument, createGauge: createInstrument };
  metrics.setGlobalMeterProvider({ getMeter: () => ({ ...meter, createObservableGauge: createInstrument }) as unknown as Meter });
  const logged = logOf();
  const running = startOpenTelemetry();
  onTestFinished(() => running.stop());
  publishRequest();
  expect(logged).toEqual(['client-credentials: an event could not be recorded (RangeError)']);
});

test('without providers it runs and records nothing', () => {
  const running = startOpenTelemetry();
  publishRequest();
  running.stop();
});

/** The names of a package's channels, from its sources. */
function channelsOf(name: string): readonly string[] {
  const source = readFileSync(new URL(`../../../${name}/src/events.ts`, import.meta.url), 'utf8');
  return [...source.matchAll(/named\('([\w-]+)'\)/g)].map(([, event]) => `client-credentials:${name}:${event}`);
}

function logOf(): readonly string[] {
  const logged: string[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  diag.setLogger({ error: log, warn: log, info: () => {}, debug: () => {}, verbose: () => {} } satisfies DiagLogger);
  onTestFinished(() => diag.disable());
  return logged;
}

function publishRequest(): void {
  const request = { credential: 'certificate', scope: 's', attempt: 1, outcome: 'token', durationMs: 1 } as const;
  new Events('s').publish('token-request', () => ({ ...request, credentialExpiresAtMs: Date.UTC(2100, 0) }));
}
