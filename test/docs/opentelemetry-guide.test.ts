/** The guide to OpenTelemetry tells the truth: its program runs against the mock, and its table has the instruments that there are. */
import { readFileSync } from 'node:fs';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { startOpenTelemetry } from '@client-credentials/token-source/opentelemetry';
import { type Meter, type MetricOptions, metrics } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/opentelemetry.md', import.meta.url), 'utf8');

test('its program gets a token, and prints a span and the metrics, and no secret', async () => {
  await using mock = await startMockTokenEndpoint();
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  const file = await bundleProgram(program.replace('https://graph.microsoft.com/.default', mock.scope));
  const env = {
    NO_COLOR: '1',
    NODE_EXTRA_CA_CERTS: mock.caFile,
    AZURE_AUTHORITY_HOST: mock.authorityHost,
    AZURE_TENANT_ID: mock.tenantId,
    AZURE_CLIENT_ID: mock.clientId,
    AZURE_CLIENT_SECRET: mock.clientSecret,
  };
  const { code, stdout, stderr } = await startProgram(file, { env }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/name: 'token request'[\s\S]*'client_credentials.outcome': 'token'/);
  expect(stdout).toContain("name: 'client_credentials.token_requests'");
  expect(stdout).not.toContain(mock.clientSecret);
});

test('its table names every instrument with its unit, and no other', () => {
  const rows = [...GUIDE.matchAll(/^\| `([\w.]+)` +\| (\w+) +\| `([^`]+)`/gm)];
  expect(rows.map(([, name, instrument, unit]) => `${instrument} ${name} ${unit}`).toSorted()).toEqual(instruments().toSorted());
});

/** What is created when the recording starts. */
function instruments(): readonly string[] {
  const created: string[] = [];
  const create =
    (instrument: string) =>
    (name: string, { unit }: MetricOptions): object => {
      created.push(`${instrument} ${name.replace('client_credentials.', '')} ${unit}`);
      return { addCallback() {}, removeCallback() {} };
    };
  const meter = {
    createCounter: create('counter'),
    createHistogram: create('histogram'),
    createGauge: create('gauge'),
    createObservableGauge: create('gauge'),
  };
  metrics.setGlobalMeterProvider({ getMeter: () => meter as unknown as Meter });
  onTestFinished(() => metrics.disable());
  startOpenTelemetry().stop();
  return created;
}
