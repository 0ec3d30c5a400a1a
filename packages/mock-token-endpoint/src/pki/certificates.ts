/** The certificates of one run: an authority whose key is never written, a server and a client certificate. RFC 5280 §4. */
import { randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { generateRsaKeyPair, type RsaKeyPair } from './keys.ts';

/** A certificate and its PKCS#8 key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Certificates {
  /** The authority's certificate, PEM; its key is gone once this object exists. */
  readonly ca: string;
  readonly server: KeyedCertificate;
  readonly client: KeyedCertificate;
}

/**
 * A new certificate authority and the two certificates it issues.
 *
 * A TLS client judges the server's certificate by the real clock, and whoever builds assertions judges the client's by the injected
 * one; so each is valid around its own clock and the authority around both.
 *
 * @see RFC 5280 §4.2.1 https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1
 */
export async function createCertificates(clocks: { readonly realMs: number; readonly injectedMs: number }): Promise<Certificates> {
  const [caKey, serverKey, clientKey] = await Promise.all([generateRsaKeyPair(), generateRsaKeyPair(), generateRsaKeyPair()]);
  const ca = issue({
    subject: 'Mock token endpoint CA',
    key: caKey,
    fromMs: Math.min(clocks.realMs, clocks.injectedMs),
    untilMs: Math.max(clocks.realMs, clocks.injectedMs),
    extensions: [
      { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
      { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    ],
  });
  const authority = { certificate: ca, key: caKey };
  const server = issue({
    subject: 'Mock token endpoint',
    key: serverKey,
    authority,
    fromMs: clocks.realMs,
    untilMs: clocks.realMs,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: ALT_NAME_IP, ip: '127.0.0.1' },
          { type: ALT_NAME_IP, ip: '::1' },
          { type: ALT_NAME_DNS, value: 'localhost' },
        ],
      },
    ],
  });
  const client = issue({
    subject: 'Mock daemon',
    key: clientKey,
    authority,
    fromMs: clocks.injectedMs,
    untilMs: clocks.injectedMs,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
  return { ca: toPem(ca), server: keyed(server, serverKey), client: keyed(client, clientKey) };
}

interface CertificateRequest {
  readonly subject: string;
  readonly key: RsaKeyPair;
  /** Absent: self-signed. */
  readonly authority?: { readonly certificate: forge.pki.Certificate; readonly key: RsaKeyPair };
  /** The clock readings it must be valid at: a margin is added on both sides. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly extensions: readonly object[];
}

function issue({ subject, key, authority, fromMs, untilMs, extensions }: CertificateRequest): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = positiveSerial();
  certificate.validity.notBefore = new Date(fromMs - MARGIN_MS);
  certificate.validity.notAfter = new Date(untilMs + YEAR_MS);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  const issuer = authority?.certificate ?? certificate;
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    ...extensions,
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  const signer = (authority?.key ?? key).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  certificate.sign(forge.pki.privateKeyFromPem(signer), forge.md.sha256.create());
  return certificate;
}

/** 16 random octets without a sign bit or a leading zero, as RFC 5280 §4.1.2.2 wants a serial number: positive, at most 20 octets. */
function positiveSerial(): string {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets.toString('hex');
}

function keyed(certificate: forge.pki.Certificate, key: RsaKeyPair): KeyedCertificate {
  return {
    certificate: toPem(certificate),
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function toPem(certificate: forge.pki.Certificate): string {
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

const ALT_NAME_DNS = 2;
const ALT_NAME_IP = 7;
const MARGIN_MS = 5 * 60_000;
const YEAR_MS = 365 * 86_400_000;
