/** The certificate a client shows in the TLS handshake, as its credential or beside an assertion. RFC 8705 §2.2; Entra: mTLS proof of possession. */
import type { X509Certificate } from 'node:crypto';
import type { Checks } from '../../checks/checks.ts';
import { type Client, isValidAt, type RegisteredCertificate } from '../../directory/client.ts';
import type { AadstsRefusal } from '../aadsts.ts';

/** Passes when the certificate is registered for the client and within its validity; the handshake has proven the key. */
export function checkTlsCertificate(
  checks: Checks<AadstsRefusal>,
  { certificate, client, nowMs }: { certificate: X509Certificate; client: Client; nowMs: number },
): void {
  const registered = client.certificates.find(({ x509 }) => isSame(x509, certificate));
  checks.require(registered !== undefined, {
    name: 'the TLS certificate is registered for the client',
    section: 'RFC 8705 §2.2',
    refusal: { aadsts: 50012, values: { reason: 'The thumbprint of the TLS certificate is not registered.' } },
  });
  checks.require(isValidAt(registered, nowMs), {
    name: 'the TLS certificate is within its validity',
    section: 'RFC 5280 §4.1.2.5',
    refusal: { aadsts: 392204 },
  });
}

/** Passes when the certificate is the one whose key signed the assertion. A renewed one with the same key is another. */
export function checkSameCertificate(
  checks: Checks<AadstsRefusal>,
  { certificate, signer }: { certificate: X509Certificate; signer: RegisteredCertificate | undefined },
): void {
  checks.require(signer !== undefined && isSame(signer.x509, certificate), {
    name: 'the TLS certificate is that of the assertion',
    section: 'RFC 8705 §3',
    refusal: { aadsts: 500181 },
  });
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.raw.equals(other.raw);
}
