/** Client authentication by the certificate of the connection. RFC 8705 §2.1 and §2.2. */
import { X509Certificate } from 'node:crypto';
import type { Checks } from '../checks/checks.ts';
import { type Client, isValidAt } from '../directory/client.ts';
import type { Services } from '../services.ts';
import type { OAuthRefusal } from './answer.ts';

interface TlsClientContext {
  /** Its key is proven by the handshake. */
  readonly certificate: X509Certificate;
  readonly client: Client;
  readonly services: Services;
}

/** Passes when the certificate is valid now, and: issued here with a registered subject, or issued anywhere and itself registered. */
export function checkTlsClient(checks: Checks<OAuthRefusal>, { certificate, client, services }: TlsClientContext): void {
  const validity = { notBeforeMs: Date.parse(certificate.validFrom), notAfterMs: Date.parse(certificate.validTo) };
  checks.require(isValidAt(validity, services.clock.now()), {
    name: 'the certificate is within its validity',
    section: 'RFC 5280 §4.1.2.5',
    refusal: { error: 'invalid_client', description: 'The client certificate is expired or not valid yet.' },
  });
  const authority = new X509Certificate(services.ca);
  if (isIssuedBy(certificate, authority)) {
    checks.require(
      client.certificates.some(({ x509 }) => x509.subject === certificate.subject && isIssuedBy(x509, authority)),
      {
        name: 'the subject of the certificate is registered (tls_client_auth)',
        section: 'RFC 8705 §2.1',
        refusal: { error: 'invalid_client', description: 'The subject of the client certificate is not registered for the client.' },
      },
    );
    return;
  }
  checks.require(
    client.certificates.some(({ x509 }) => x509.raw.equals(certificate.raw)),
    {
      name: 'the certificate is registered (self_signed_tls_client_auth)',
      section: 'RFC 8705 §2.2',
      refusal: { error: 'invalid_client', description: 'The client certificate is neither of the trusted authority nor registered.' },
    },
  );
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
