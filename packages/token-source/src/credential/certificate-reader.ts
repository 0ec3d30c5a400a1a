/** Parses a certificate with its key once, however often it is asked for. RFC 5280 §4.1, RFC 7292. */
import { type ClientCertificate, readCertificate, requireInForce } from '@client-credentials/protocol';
import type { CertificateContents } from './certificate-source.ts';
import { createFingerprint } from './fingerprint.ts';

/** Gives the certificate in these contents, which is valid at this instant. */
export type CertificateReader = (contents: CertificateContents, context: { readonly nowMs: number }) => Promise<ClientCertificate>;

/**
 * A reader that remembers what it parsed last, and parses again when the contents are other ones. Those who ask at once share the
 * work. It throws as `readCertificate` and `readPkcs12` do.
 *
 * @see RFC 5280 §4.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function createCertificateReader(): CertificateReader {
  const fingerprintOf = createFingerprint();
  let last: { readonly fingerprint: string; readonly certificate: Promise<ClientCertificate> } | undefined;
  return async ({ pem, der, pfx, privateKey, passphrase }, { nowMs }) => {
    const fingerprint = fingerprintOf(pem, der, pfx, privateKey, passphrase);
    const known = last?.fingerprint === fingerprint ? await last.certificate.catch(() => undefined) : undefined;
    if (known !== undefined && isInForce(known, nowMs)) return known;
    // Also when what was parsed has ended: its successor may stand beside it.
    const certificate = parse({ pem, der, pfx, privateKey, passphrase }, nowMs);
    last = { fingerprint, certificate };
    return certificate;
  };
}

/** Whether a certificate may be used at this instant. */
export function isInForce(certificate: ClientCertificate, nowMs: number): boolean {
  try {
    requireInForce(certificate, nowMs);
    return true;
  } catch {
    return false;
  }
}

async function parse({ pem = '', der, pfx, privateKey, passphrase }: CertificateContents, nowMs: number): Promise<ClientCertificate> {
  if (pfx === undefined) return readCertificate({ ...(der === undefined ? { pem } : { der }), privateKey, passphrase, nowMs });
  // Where there is no PFX, its library is never loaded.
  const { readPkcs12 } = await import('@client-credentials/protocol/pkcs12');
  return readPkcs12(pfx, { passphrase, nowMs });
}
