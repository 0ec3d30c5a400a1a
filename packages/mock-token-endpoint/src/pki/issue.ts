/** Certificates on demand: RSA or EC, good or expired, of the mock's authority or self-signed, as PEM and as PFX. */
import type { Ids } from '../ids.ts';
import { fitting, flag, objectOf, oneOf, text } from '../option-shapes.ts';
import type { Services } from '../services.ts';
import { type Certificates, CLIENT_SUBJECT, validAround } from './certificates.ts';
import { generateEcKeyPair, generateRsaKeyPair } from './keys.ts';
import { buildPkcs12 } from './pkcs12.ts';

export interface IssueRequest {
  /** Common name; default `Mock daemon`, as the own client's, or for one that is not registered `Unregistered daemon`. */
  readonly subject?: string | undefined;
  /** Default `rsa`: 2048 bits. `ec` is P-256. The key is a new one, with a seed too. */
  readonly key?: 'rsa' | 'ec' | undefined;
  /** Epoch milliseconds; default five minutes before and a year after the mock's time. */
  readonly notBeforeMs?: number | undefined;
  readonly notAfterMs?: number | undefined;
  /** Default false: issued by the mock's authority. */
  readonly selfSigned?: boolean | undefined;
  /**
   * Whether the mock's own client may use it from now on, until `reset`; default true. By RFC 8705 §2.1 a registered subject is enough at the RFC
   * face, whichever certificate of the mock's authority bears it.
   */
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

interface IssueParts {
  readonly certificates: Certificates;
  readonly services: Services;
  readonly ids: Ids;
}

/**
 * A new client certificate with a new key.
 *
 * @throws {MockError} `invalid_option` for a subject, a kind of key or a validity that no certificate can have
 */
export async function issueCertificate(request: IssueRequest, { certificates, services, ids }: IssueParts): Promise<IssuedCertificate> {
  REQUEST(request, '');
  const usual = validAround(services.clock.now());
  const { key = 'rsa', selfSigned = false, registered = true } = request;
  const { subject = registered ? CLIENT_SUBJECT : 'Unregistered daemon' } = request;
  const { notBeforeMs = usual.notBeforeMs, notAfterMs = usual.notAfterMs } = request;
  const pair = await (key === 'rsa' ? generateRsaKeyPair() : generateEcKeyPair());
  const issued = certificates.issueClient({ subject, key: pair, selfSigned, notBeforeMs, notAfterMs });
  if (registered) services.directory.registerCertificate(issued.certificate);
  const pfxPassword = ids.secret(12);
  return { ...issued, pfx: buildPkcs12(issued, { password: pfxPassword }).toString('base64'), pfxPassword };
}

// The control interface brings what a client wrote.
const TIME = fitting(Number.isFinite, 'epoch milliseconds');
const REQUEST = objectOf({
  subject: text,
  key: oneOf(['rsa', 'ec']),
  notBeforeMs: TIME,
  notAfterMs: TIME,
  selfSigned: flag,
  registered: flag,
});
