/** Certificates for keys of any kind and any time, element by element. Their signature is none: nobody verifies a leaf's here. */
import type { KeyObject } from 'node:crypto';
import { element, integer, oid, sequence } from './pkcs12-builder.ts';

/** In PEM; the times are epoch milliseconds, of whole seconds. RFC 5280 §4.1. */
export function certificateFor(
  publicKey: KeyObject,
  { from, to }: { readonly from: number; readonly to: number } = { from: Date.UTC(2020, 0), to: Date.UTC(2119, 0) },
): string {
  const algorithm = sequence(oid('1.2.840.113549.1.1.11'));
  const validity = sequence(generalizedTime(from), generalizedTime(to));
  const publicKeyInfo = publicKey.export({ format: 'der', type: 'spki' });
  const tbsCertificate = sequence(integer('01'), algorithm, sequence(), validity, sequence(), publicKeyInfo);
  const der = sequence(tbsCertificate, algorithm, element(0x03, Buffer.alloc(2)));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function generalizedTime(timeMs: number): Buffer {
  return element(0x18, Buffer.from(new Date(timeMs).toISOString().replace(/[-:T]|\.\d+/g, '')));
}
