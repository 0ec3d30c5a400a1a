/** What token sources do, counted and measured. No attribute of a metric names a tenant, a scope, a client or a host. */
import type { Meter } from '@opentelemetry/api';
import { listen } from './channels.ts';
import { errorType } from './error-type.ts';

/** Records until the function that it returns is called. */
export function measureTokens(meter: Meter): () => void {
  const requests = meter.createCounter('client_credentials.token_requests', {
    description: 'Attempts at a token',
    unit: '{request}',
  });
  const duration = meter.createHistogram('client_credentials.token_request.duration', {
    description: 'How long an attempt at a token took',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  const tokens = meter.createCounter('client_credentials.tokens', { description: 'Tokens that callers were given', unit: '{token}' });
  const remaining = meter.createHistogram('client_credentials.token.remaining_lifetime', {
    description: 'How long the tokens that callers were given stay valid',
    unit: 's',
    advice: { explicitBucketBoundaries: [0, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400] },
  });
  const skipped = meter.createCounter('client_credentials.credentials_skipped', {
    description: 'Credentials that were passed over for the next one',
    unit: '{credential}',
  });
  const throttles = meter.createCounter('client_credentials.throttles', {
    description: 'Pauses that a server has asked for',
    unit: '{pause}',
  });
  const clockOffset = meter.createGauge('client_credentials.clock_offset', {
    description: 'How far the server is ahead of this machine, by its clock',
    unit: 's',
  });
  return listen({
    'token-source:token-request': (event) => {
      const common = { 'client_credentials.source': event.source, 'client_credentials.outcome': event.outcome };
      requests.add(1, {
        ...common,
        'client_credentials.credential': event.credential,
        ...(event.status !== undefined && { 'http.response.status_code': event.status }),
        ...errorType(event),
      });
      // A clock that was set back measures nothing.
      duration.record(Math.max(0, event.durationMs) / 1000, common);
    },
    'token-source:token': ({ source, from, remainingMs }) => {
      tokens.add(1, { 'client_credentials.source': source, 'client_credentials.from': from });
      remaining.record(Math.max(0, remainingMs) / 1000, { 'client_credentials.source': source });
    },
    'token-source:credential-skipped': ({ source, credential, error }) =>
      skipped.add(1, { 'client_credentials.source': source, 'client_credentials.credential': credential, 'error.type': error }),
    'token-source:throttled': ({ source }) => throttles.add(1, { 'client_credentials.source': source }),
    'token-source:clock-offset': ({ source, offsetMs }) => clockOffset.record(offsetMs / 1000, { 'client_credentials.source': source }),
  });
}
