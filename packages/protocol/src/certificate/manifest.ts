/** What an Entra app registration's manifest says of a certificate. Entra: `keyCredentials`. */
import { createHash } from 'node:crypto';

/** The values of one entry of `keyCredentials`, in plain base64 with padding. */
export interface ManifestValues {
  /** The SHA-1 digest of the DER. */
  readonly customKeyIdentifier: string;
  /** The DER itself. */
  readonly key: string;
}

/**
 * The manifest's values for this certificate.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function manifestValues(der: Buffer): ManifestValues {
  return { customKeyIdentifier: createHash('sha1').update(der).digest('base64'), key: der.toString('base64') };
}
