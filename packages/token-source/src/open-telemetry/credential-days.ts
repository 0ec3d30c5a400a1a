/** How many days the credentials in use have left. */
import type { Meter, ObservableResult } from '@opentelemetry/api';
import { BoundedMap } from '../bounded-map.ts';
import { listen } from './channels.ts';

/**
 * Reports the days that the credential of each source has left, reckoned whenever they are asked for, until the function that it
 * returns is called. A credential that replaces another takes its place; one that ends at no known time has none.
 *
 * @param now  epoch milliseconds
 */
export function measureCredentials(meter: Meter, now: () => number): () => void {
  const latest = new BoundedMap<{ readonly credential: string; readonly expiresAtMs: number }>(MOST_SOURCES);
  const gauge = meter.createObservableGauge('client_credentials.credential.days_left', {
    description: 'How long the credential in use stays valid',
    unit: 'd',
  });
  const report = (result: ObservableResult): void => {
    for (const [source, { credential, expiresAtMs }] of latest) {
      result.observe((expiresAtMs - now()) / DAY_MS, { 'client_credentials.source': source, 'client_credentials.credential': credential });
    }
  };
  gauge.addCallback(report);
  const stopListening = listen({
    'token-source:token-request': ({ source, credential, credentialExpiresAtMs: expiresAtMs, outcome }) => {
      if (expiresAtMs !== undefined) latest.set(source, { credential, expiresAtMs });
      // Without a token it may be that the credential could not be loaded, such as one that has ended.
      else if (outcome === 'token') latest.delete(source);
    },
  });
  return () => {
    stopListening();
    gauge.removeCallback(report);
  };
}

const DAY_MS = 24 * 3_600_000;
const MOST_SOURCES = 1000;
