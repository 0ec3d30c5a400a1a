/** The transport that a source's options describe. */
import type { EffectSettings } from '../effects.ts';
import { createFetchWire } from './fetch-wire.ts';
import { createTransport, type Transport } from './transport.ts';
import { createUndiciWire } from './undici-wire.ts';

export function createTransportOf({
  fetch,
  dispatcher,
  ca,
  proxy,
  http2,
  attemptTimeoutMs,
  now,
}: EffectSettings & { readonly attemptTimeoutMs: number }): Transport {
  const wire =
    fetch === undefined ? createUndiciWire({ dispatcher, ca, proxy, http2, connectTimeoutMs: attemptTimeoutMs }) : createFetchWire(fetch);
  return createTransport({ wire, now });
}
