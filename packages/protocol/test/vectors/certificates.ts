/** `vectors/certificates.json` */
import { readCertificate, readPublicCertificate } from '../../src/certificate/certificate.ts';
import { manifestValues } from '../../src/certificate/manifest.ts';
import { thumbprintHex, x5t, x5tS256 } from '../../src/certificate/thumbprint.ts';
import type { Adapter } from './vector.ts';

export const certificates: Adapter = (input: { der: string } | { pem: string; nowMs: number; publicOnly?: true }) => {
  if ('pem' in input) return input.publicOnly ? readPublicCertificate(input) : readCertificate(input);
  const der = Buffer.from(input.der, 'base64');
  return { x5t: x5t(der), x5tS256: x5tS256(der), thumbprintHex: thumbprintHex(der), manifest: manifestValues(der) };
};
