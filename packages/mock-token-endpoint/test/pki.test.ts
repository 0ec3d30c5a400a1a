/** The certificates, read back with Node's own X.509 reader and proved in a TLS handshake. */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { checkServerIdentity, connect, createServer } from 'node:tls';
import { inspect } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { type Certificates, createCertificates } from '../src/pki/certificates.ts';
import { generateRsaKeyPair } from '../src/pki/keys.ts';
import { openssl } from './openssl.ts';

const DAY_MS = 86_400_000;
const INJECTED_MS = Date.UTC(2061, 0, 1);

let realMs: number;
let certificates: Certificates;
let ca: X509Certificate;
let server: X509Certificate;
let client: X509Certificate;
beforeAll(async () => {
  realMs = Math.floor(Date.now() / 1000) * 1000;
  certificates = await createCertificates({
    keys: generateRsaKeyPair,
    uniqueOctets: () => randomBytes(16),
    realMs,
    injectedMs: INJECTED_MS,
  });
  ca = new X509Certificate(certificates.ca);
  server = new X509Certificate(certificates.server.certificate);
  client = new X509Certificate(certificates.client.certificate);
});

test('the authority signed itself, the server and the client, and may sign', () => {
  for (const issued of [ca, server, client]) {
    expect(issued.checkIssued(ca)).toBe(true);
    expect(issued.verify(ca.publicKey)).toBe(true);
  }
  expect([ca.ca, server.ca, client.ca]).toEqual([true, false, false]);
});

test('each certificate goes with its key, of 2048 bits', () => {
  for (const { certificate, privateKey } of [certificates.server, certificates.client]) {
    const x509 = new X509Certificate(certificate);
    expect(x509.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(x509.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  }
});

test('the server is for three names and server authentication, the client for client authentication', () => {
  expect(server.subjectAltName).toBe('IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:localhost');
  expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

test('serial numbers are positive, of 16 octets, and differ', () => {
  const serials = [ca, server, client].map(({ serialNumber }) => serialNumber);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(new Set(serials).size).toBe(3);
});

test('the server is valid by the real clock, the client by the injected one, the authority always', () => {
  const validity = ({ validFrom, validTo }: X509Certificate) => [Date.parse(validFrom), Date.parse(validTo)];
  expect(validity(server)).toEqual([realMs - 5 * 60_000, realMs + 365 * DAY_MS]);
  expect(validity(client)).toEqual([INJECTED_MS - 5 * 60_000, INJECTED_MS + 365 * DAY_MS]);
  expect(validity(ca)).toEqual([0, Date.UTC(9999, 11, 31, 23, 59, 59)]);
});

test('OpenSSL finds nothing wrong with the chain, each certificate at its own time and for its own purpose', async () => {
  const verify = (leaf: string, purpose: string, atMs: number) =>
    openssl([
      'verify',
      '-x509_strict',
      '-attime',
      String(atMs / 1000),
      '-purpose',
      purpose,
      '-CAfile',
      { text: certificates.ca },
      { text: leaf },
    ]);
  expect(await verify(certificates.server.certificate, 'sslserver', realMs)).toMatch(/: OK$/);
  expect(await verify(certificates.client.certificate, 'sslclient', INJECTED_MS)).toMatch(/: OK$/);
  await expect(verify(certificates.client.certificate, 'sslserver', INJECTED_MS)).rejects.toThrow(/purpose/);
});

test('no reading of what holds the certificates shows the key of the authority', () => {
  const shown = inspect(certificates, { depth: 9, showHidden: true }) + JSON.stringify(certificates);
  expect(shown).not.toContain('KeyObject');
  expect(shown.match(/BEGIN PRIVATE KEY/g)).toHaveLength(4);
});

test('a TLS client that trusts the authority accepts the server, under its three names and no other', async () => {
  const listener = createServer({ cert: certificates.server.certificate, key: certificates.server.privateKey }, (socket) => socket.end());
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ca: certificates.ca });
  await once(socket, 'secureConnect');
  expect(socket.authorized).toBe(true);
  const peer = socket.getPeerCertificate();
  for (const name of ['127.0.0.1', 'localhost']) expect(checkServerIdentity(name, peer)).toBeUndefined();
  // Asked of OpenSSL: checkServerIdentity of Node 22.23.3 accepts no IPv6 address at all.
  expect(server.checkIP('::1')).toBe('::1');
  expect(checkServerIdentity('evil.example', peer)).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  socket.destroy();
  listener.close();
});
