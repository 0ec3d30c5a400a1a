/** OpenTelemetry's own SDK as the registered providers, for one test, and what it was given. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, type Context, type ContextManager, context, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InstrumentType,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { onTestFinished } from 'vitest';
import { startOpenTelemetry } from '../../src/opentelemetry.ts';

export interface Telemetry {
  /** The spans that have ended. */
  spans(): readonly ReadableSpan[];
  /** The points of a metric now: each one's attributes without the common prefix of their names, and its value or histogram. */
  points(name: string): Promise<readonly Point[]>;
  /** Everything that was recorded, as text. */
  text(): Promise<string>;
  stop(): void;
}

export type Point = readonly [attributes: Attributes, value: number | Histogram];

/** Starts the recording with the SDK behind it. */
export function startTelemetry(options: { now?: () => number } = {}): Telemetry {
  const { exporter, reader } = registerProviders();
  const { stop } = startOpenTelemetry(options);
  onTestFinished(stop);
  return {
    spans: () => exporter.getFinishedSpans(),
    points: async (name) => (await pointsOf(reader, name)).map(({ attributes, value }) => [shortened(attributes), value]),
    text: async () => {
      const spans = exporter.getFinishedSpans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
      return JSON.stringify([spans, (await reader.collect()).resourceMetrics]);
    },
    stop,
  };
}

/** Registers the SDK globally until the test ends. */
export function registerProviders(): { readonly exporter: InMemorySpanExporter; readonly reader: MetricReader } {
  const exporter = new InMemorySpanExporter();
  // A cumulative gauge would go on to show what is observed no more.
  const aggregationTemporalitySelector = (type: InstrumentType): AggregationTemporality =>
    type === InstrumentType.OBSERVABLE_GAUGE ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  const reader = new ManualReader({ aggregationTemporalitySelector });
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  context.setGlobalContextManager(new StoredContext());
  onTestFinished(() => {
    trace.disable();
    metrics.disable();
    context.disable();
  });
  return { exporter, reader };
}

async function pointsOf(reader: MetricReader, name: string): Promise<readonly DataPoint<number | Histogram>[]> {
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .filter(({ descriptor }) => descriptor.name === `client_credentials.${name}`)
    .flatMap((metric) => metric.dataPoints as DataPoint<number | Histogram>[]);
}

function shortened(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.replace(/^client_credentials\./, ''), value]));
}

/** Reads when it is asked to. */
class ManualReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** The context that Node carries from a call to what it awaits. */
class StoredContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    to: Context,
    fn: F,
    _?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(to, () => fn(...args));
  }
  bind<T>(_: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    this.#storage.disable();
    return this;
  }
}
