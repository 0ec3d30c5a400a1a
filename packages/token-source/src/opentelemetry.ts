/** The entry point for OpenTelemetry, the only one that imports `@opentelemetry/api`. */
export { type OpenTelemetryOptions, type RunningOpenTelemetry, startOpenTelemetry } from './open-telemetry/start.ts';
