/** Spans and metrics of every token source in the process, by one call; here they are printed. */
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { startOpenTelemetry } from '@client-credentials/token-source/opentelemetry';
import { metrics, trace } from '@opentelemetry/api';
import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, ConsoleSpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { openTenant } from './tenant/tenant.ts';

const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())] });
const metering = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() })] });
trace.setGlobalTracerProvider(tracing);
metrics.setGlobalMeterProvider(metering);
const telemetry = startOpenTelemetry(); // after the providers are registered

const tenant = await openTenant(); // the mock; with --real the tenant of AZURE_TENANT_ID
const tokens = createTokenSource({
  authority: entra(tenant.authority),
  clientId: tenant.clientId,
  credential: secret(() => tenant.clientSecret),
  ca: tenant.ca,
  name: 'daemon', // what spans and metrics call it
});
await tokens.getToken(tenant.scope);
await tokens.getToken(tenant.scope); // from memory: no span

await tokens.close();
await tenant.close();
await Promise.all([tracing.shutdown(), metering.shutdown()]); // prints the rest
telemetry.stop();
