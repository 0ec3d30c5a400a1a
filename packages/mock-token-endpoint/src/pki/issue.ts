/** Certificates on demand: RSA or EC, good or expired, of the mock's authority or self-signed, as PEM and as PFX. */
import { MockError } from '../errors.ts';
import type { Services } from '../services.ts';

export interface IssueRequest {
  /** Common name; default `Mock daemon`. */
  readonly subject?: string | undefined;
  /** Default `rsa`: 2048 bits. `ec` is P-256. */
  readonly key?: 'rsa' | 'ec' | undefined;
  /** Epoch milliseconds; default five minutes before and a year after the mock's time. */
  readonly notBeforeMs?: number | undefined;
  readonly notAfterMs?: number | undefined;
  /** Default false: issued by the mock's authority. */
  readonly selfSigned?: boolean | undefined;
  /** Whether the mock's own client may use it from now on, until `reset`; default true. */
  readonly registered?: boolean | undefined;
}

/** All PEM but `pfx`, which is base64 of a PKCS#12 file that `pfxPassword` opens. */
export interface IssuedCertificate {
  readonly certificate: string;
  /** PKCS#8. */
  readonly privateKey: string;
  readonly pfx: string;
  readonly pfxPassword: string;
}

/** @throws {MockError} `invalid_option` for times that are none */
export async function issueCertificate(_request: IssueRequest, _services: Services): Promise<IssuedCertificate> {
  throw new MockError('invalid_option', 'not yet');
}
