/** The client, the servers and the certificate of the tests of client assertions. */
import { X509Certificate } from 'node:crypto';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { type AssertionOverrides, buildClientAssertion } from '../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { entraServer } from '../src/entra/authority.ts';

export const nowMs = VALID_AT_MS + 999;
export const now = VALID_AT_MS / 1000;
export const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
export const entra = entraServer({ tenant: 'contoso.onmicrosoft.com' });
export const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example/', tokenEndpoint: 'https://other.example/token' };
export const rsa = readCertificate({ pem: pair('rsa'), nowMs });
export const der = new X509Certificate(fixture('rsa.crt.pem'));
const thumbprint = (hex: string) => Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url');
export const x509 = { sha1: thumbprint(der.fingerprint), sha256: thumbprint(der.fingerprint256) };
export const uniqueId = () => '0d1f6d5e-0000-4000-8000-000000000001';

export const build = (server: AuthorizationServer, overrides: AssertionOverrides = {}): Promise<string> =>
  buildClientAssertion({ server, clientId, certificate: rsa, nowMs, uniqueId, ...overrides });
