/** What becomes of look-ups, flights and values in token caches, counted. */
import type { Meter } from '@opentelemetry/api';
import { listen } from './channels.ts';

/** Records until the function that it returns is called. */
export function measureCaches(meter: Meter): () => void {
  const lookups = meter.createCounter('client_credentials.cache.lookups', { description: 'Look-ups in a cache', unit: '{lookup}' });
  const flights = meter.createCounter('client_credentials.cache.flights', {
    description: 'Flights that have ended, each for all who waited',
    unit: '{flight}',
  });
  const evictions = meter.createCounter('client_credentials.cache.evictions', {
    description: 'Values that left to make room, or found none',
    unit: '{entry}',
  });
  const failures = meter.createCounter('client_credentials.cache.store_failures', {
    description: 'What a store did not do, or held and cannot be used',
    unit: '{failure}',
  });
  return listen({
    'token-cache:hit': ({ cache }) => lookups.add(1, { 'client_credentials.cache': cache, 'client_credentials.outcome': 'hit' }),
    'token-cache:due': ({ cache }) => lookups.add(1, { 'client_credentials.cache': cache, 'client_credentials.outcome': 'due' }),
    'token-cache:miss': ({ cache, reason }) =>
      lookups.add(1, { 'client_credentials.cache': cache, 'client_credentials.outcome': 'miss', 'client_credentials.reason': reason }),
    'token-cache:flight-end': ({ cache, outcome, error }) =>
      flights.add(1, {
        'client_credentials.cache': cache,
        'client_credentials.outcome': outcome,
        ...(error !== undefined && { 'error.type': error }),
      }),
    'token-cache:eviction': ({ cache, reason }) =>
      evictions.add(1, { 'client_credentials.cache': cache, 'client_credentials.reason': reason }),
    'token-cache:store-failure': ({ cache, operation, error }) =>
      failures.add(1, { 'client_credentials.cache': cache, 'client_credentials.operation': operation, 'error.type': error }),
  });
}
