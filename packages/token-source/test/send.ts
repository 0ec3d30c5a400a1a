/** A transport of undici's own, as a token source has one, and requests for it. */
import { createTlsBinding, readCertificate, type TlsBinding } from '@client-credentials/protocol';
import { onTestFinished } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { createTransport, type HttpRequest, type Transport } from '../src/transport/transport.ts';
import { createUndiciWire, type UndiciWireOptions } from '../src/transport/undici-wire.ts';

/** It trusts the servers of the tests. */
export function openTransport(options: Partial<UndiciWireOptions> = {}): Transport {
  const usual = { dispatcher: undefined, proxy: undefined, ca: [fixture('loopback.crt.pem')], http2: false, connectTimeoutMs: 10_000 };
  const transport = createTransport({ wire: createUndiciWire({ ...usual, ...options }), now: () => VALID_AT_MS });
  onTestFinished(() => transport.close());
  return transport;
}

export function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { url, method: 'GET', headers: {}, signal: new AbortController().signal, timeoutMs: 10_000, ...more };
}

/** What shows the certificate of a fixture, and how servers see that. */
export function identity(name: string): { readonly tls: TlsBinding; readonly shown: string } {
  const certificate = readCertificate({ pem: pair(name), nowMs: VALID_AT_MS });
  return { tls: createTlsBinding(certificate), shown: Buffer.from(certificate.x5tS256, 'base64url').toString('hex') };
}
