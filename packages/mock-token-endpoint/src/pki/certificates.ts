/** The certificates of one run: an authority whose key is never written, a server and a client certificate. RFC 5280 §4. */
import { buildCertificate, type CertificateRequest } from './certificate.ts';
import { authorityExtensions, clientExtensions, serverExtensions } from './extensions.ts';
import type { KeyPair, KeySource } from './keys.ts';

/** A certificate and its PKCS#8 key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

interface ClientCertificateRequest extends Pick<CertificateRequest, 'subject' | 'notBeforeMs' | 'notAfterMs'> {
  readonly key: KeyPair;
  /** Otherwise the authority signs. */
  readonly selfSigned: boolean;
}

export interface Certificates {
  /** The authority's certificate, PEM. */
  readonly ca: string;
  readonly server: KeyedCertificate;
  readonly client: KeyedCertificate;
  /**
   * One more client certificate. The authority's key is in the reach of this function and of nothing else.
   *
   * @throws {MockError} `invalid_option` for a subject or a validity that no certificate can have
   */
  issueClient(request: ClientCertificateRequest): KeyedCertificate;
}

interface CertificateNeeds {
  readonly keys: KeySource;
  /** 16 new octets each time. */
  readonly uniqueOctets: () => Uint8Array;
  /** Epoch milliseconds. */
  readonly realMs: number;
  readonly injectedMs: number;
}

/**
 * A certificate authority and the two certificates it issues.
 *
 * A TLS client judges the server's certificate by the real clock, and whoever builds assertions judges the client's by the injected
 * one; so each is valid around its own clock, and the authority at any time.
 *
 * @see RFC 5280 §4.2.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1
 */
export async function createCertificates({ keys, uniqueOctets, realMs, injectedMs }: CertificateNeeds): Promise<Certificates> {
  const [authorityKey, serverKey, clientKey] = await Promise.all([keys('authority'), keys('server'), keys('client')]);
  const authority = { subject: 'Mock token endpoint CA', key: authorityKey };
  const ca = buildCertificate({
    subject: authority.subject,
    publicKey: authorityKey.publicKey,
    signer: authority,
    serial: uniqueOctets(),
    ...ALWAYS,
    extensions: authorityExtensions(),
  });
  const server = buildCertificate({
    subject: 'Mock token endpoint',
    publicKey: serverKey.publicKey,
    signer: authority,
    serial: uniqueOctets(),
    ...validAround(realMs),
    extensions: serverExtensions({ hosts: ['localhost'], addresses: [LOOPBACK_V4, LOOPBACK_V6] }),
  });
  const issueClient: Certificates['issueClient'] = ({ key, selfSigned, ...request }) => ({
    certificate: buildCertificate({
      ...request,
      publicKey: key.publicKey,
      signer: selfSigned ? { subject: request.subject, key } : authority,
      serial: uniqueOctets(),
      extensions: clientExtensions(),
    }),
    privateKey: keyPem(key),
  });
  const client = issueClient({ subject: CLIENT_SUBJECT, key: clientKey, selfSigned: false, ...validAround(injectedMs) });
  return { ca, server: { certificate: server, privateKey: keyPem(serverKey) }, client, issueClient };
}

/** From five minutes before to a year after `nowMs`. */
export function validAround(nowMs: number): Pick<CertificateRequest, 'notBeforeMs' | 'notAfterMs'> {
  return { notBeforeMs: nowMs - MARGIN_MS, notAfterMs: nowMs + YEAR_MS };
}

/** The common name of the own client's certificate. */
export const CLIENT_SUBJECT: string = 'Mock daemon';

function keyPem({ privateKey }: KeyPair): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const LOOPBACK_V4 = Uint8Array.of(127, 0, 0, 1);
const LOOPBACK_V6 = Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? 1 : 0));
// RFC 5280 §4.1.2.5: the last second of 9999 says that there is no end.
const ALWAYS = { notBeforeMs: 0, notAfterMs: Date.UTC(9999, 11, 31, 23, 59, 59) };
const MARGIN_MS = 5 * 60_000;
const YEAR_MS = 365 * 86_400_000;
