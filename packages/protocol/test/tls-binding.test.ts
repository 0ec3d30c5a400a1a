import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { createTlsBinding, type TlsBinding } from '../src/certificate/tls-binding.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;
const read = (name: string) => readCertificate({ pem: pair(name), nowMs });
const thumbprintOf = (name: string): string =>
  Buffer.from(new X509Certificate(fixture(`${name}.crt.pem`)).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

/** What a TLS server on this machine sees of a client with this identity. */
async function seenByServer({ tls }: TlsBinding) {
  const [ca, key] = [fixture('loopback.crt.pem'), fixture('loopback.key.pem')];
  const server = createServer({ cert: ca, key, requestCert: true, ca: fixture('root.crt.pem'), rejectUnauthorized: false });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(server, 'secureConnection');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ca, checkServerIdentity: () => undefined, cert: tls.cert, key: tls.key });
  const [socket] = (await accepted) as [TLSSocket];
  const seen = { thumbprint: socket.getPeerCertificate().fingerprint256, authorized: socket.authorized };
  client.destroy();
  socket.destroy();
  server.close();
  return { ...seen, thumbprint: Buffer.from(seen.thumbprint.replaceAll(':', ''), 'hex').toString('base64url') };
}

test.each(['rsa', 'p256', 'ed25519'])(
  'MT-04, MT-05, MT-06: a TLS server sees the certificate of %s, and the binding has its thumbprint',
  async (name) => {
    const binding = createTlsBinding(read(name));
    expect(binding.thumbprint).toBe(thumbprintOf(name));
    expect((await seenByServer(binding)).thumbprint).toBe(thumbprintOf(name));
  },
);

test('MT-06, JO-09: the chain goes along, so that a server which knows the root alone trusts the leaf', async () => {
  const certificate = readCertificate({ pem: fixture('chain.pem'), privateKey: fixture('leaf.key.pem'), nowMs });
  const { thumbprint, tls } = createTlsBinding(certificate);
  expect(tls.cert).toBe(
    ['leaf', 'intermediate', 'root'].map((name) => new X509Certificate(fixture(`${name}.crt.pem`)).toString()).join(''),
  );
  expect(await seenByServer({ thumbprint, tls })).toEqual({ thumbprint: thumbprintOf('leaf'), authorized: true });
});

test('MT-05: a certificate renewed for the same key makes another binding', () => {
  const renewed = readCertificate({ pem: fixture('p256-renewed.crt.pem'), privateKey: fixture('p256.key.pem'), nowMs });
  expect(createTlsBinding(renewed).thumbprint).not.toBe(createTlsBinding(read('p256')).thumbprint);
});

test('CC-32, SEC-08: the private key shows in no print, spread or clone, and the binding cannot be changed', () => {
  const binding = createTlsBinding(read('p256'));
  const prints = [
    inspect(binding, { depth: 9, showHidden: true, getters: true }),
    inspect(binding.tls, { depth: 9, showHidden: true, getters: true }),
    JSON.stringify(binding),
    JSON.stringify({ ...binding.tls }),
    inspect(structuredClone(binding)),
  ].join();
  expect(prints).toContain('BEGIN CERTIFICATE');
  expect(prints).not.toMatch(/PRIVATE|KeyObject/);
  expect(binding.tls.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect([binding, binding.tls].every(Object.isFrozen)).toBe(true);
});

test.each([
  ['without its key', () => readPublicCertificate({ pem: fixture('p256.crt.pem'), nowMs }), 'without its private key'],
  ['in a copy', () => ({ ...read('p256') }), 'not a copy'],
  ['that is none', () => null as never, 'holds no private key of ours'],
])('MT-06: a certificate %s makes no binding', (_, certificate, words) => {
  expect(thrown(() => createTlsBinding(certificate()))).toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining(words),
  });
});
