/** A client assertion as its RFC writes it, signed with jose: for clients that take one from their caller. RFC 7523 §3. */
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { SignJWT } from 'jose';

/** PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Signed with `credential`, for the token endpoint of the mock's own tenant, by its own client. */
export function signAssertion(
  mock: MockTokenEndpoint,
  { certificate, privateKey }: KeyedCertificate = ownCertificate(mock),
): Promise<string> {
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  return new SignJWT({ iss: mock.clientId, sub: mock.clientId, aud: mock.tokenEndpoint, jti: randomUUID() })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuedAt()
    .setNotBefore('0 s')
    .setExpirationTime('5 min')
    .sign(createPrivateKey(privateKey));
}

/** The certificate of the mock's own client, with its key. */
export function ownCertificate({ certificateFile, privateKeyFile }: MockTokenEndpoint): KeyedCertificate {
  return { certificate: readFileSync(certificateFile, 'utf8'), privateKey: readFileSync(privateKeyFile, 'utf8') };
}
