/** One registered application as the directory keeps it: its credentials, its roles, and what an administrator decided about it. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { MockError } from '../errors.ts';
import type { MockClient, MockFederatedCredential } from '../options.ts';
import { certificateThumbprint } from '../pki/thumbprint.ts';

export interface Client {
  /** The client id as it was registered. */
  readonly id: string;
  readonly secrets: readonly string[];
  readonly expiredSecrets: readonly string[];
  readonly certificates: readonly RegisteredCertificate[];
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly consented: boolean;
  readonly federatedCredentials: readonly MockFederatedCredential[];
}

/** A certificate as a directory keeps it: public key, validity and the two thumbprints an assertion can name it by. */
export interface RegisteredCertificate {
  readonly publicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** base64url SHA-1 of the DER, RFC 7515 §4.1.7. */
  readonly x5t: string;
  /** base64url SHA-256 of the DER, RFC 7515 §4.1.8. */
  readonly x5tS256: string;
  readonly x509: X509Certificate;
}

/**
 * The client `id` as the options describe it.
 *
 * @throws {MockError} `invalid_option` for a certificate that cannot be read
 */
export function readClient(id: string, client: MockClient): Client {
  return {
    id,
    secrets: client.secrets ?? [],
    expiredSecrets: client.expiredSecrets ?? [],
    certificates: (client.certificates ?? []).map((pem, index) => readCertificate(pem, { clientId: id, index })),
    roles: client.roles ?? [],
    disabled: client.disabled ?? false,
    consented: client.consented ?? true,
    federatedCredentials: client.federatedCredentials ?? [],
  };
}

/** Whether `nowMs` is within the certificate's validity, both ends included. RFC 5280 §4.1.2.5. */
export function isValidAt({ notBeforeMs, notAfterMs }: Pick<RegisteredCertificate, 'notBeforeMs' | 'notAfterMs'>, nowMs: number): boolean {
  return notBeforeMs <= nowMs && nowMs <= notAfterMs;
}

function readCertificate(pem: string, { clientId, index }: { clientId: string; index: number }): RegisteredCertificate {
  try {
    const certificate = new X509Certificate(pem);
    return {
      x509: certificate,
      publicKey: certificate.publicKey,
      notBeforeMs: Date.parse(certificate.validFrom),
      notAfterMs: Date.parse(certificate.validTo),
      x5t: createHash('sha1').update(certificate.raw).digest('base64url'),
      x5tS256: certificateThumbprint(certificate),
    };
  } catch (cause) {
    throw new MockError('invalid_option', `certificate ${index} of client ${clientId} cannot be read: give one PEM certificate`, { cause });
  }
}
