import { expect, test } from 'vitest';
import { pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { clientAssertion } from '../src/client-authentication/client-assertion.ts';
import { clientSecretJwt } from '../src/client-authentication/client-secret-jwt.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';

const server = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/token' } as const;
const nowMs = VALID_AT_MS;

test.each([
  ['private_key_jwt', privateKeyJwt({ certificate: readCertificate({ pem: pair('rsa'), nowMs }) })],
  ['private_key_jwt, made elsewhere', clientAssertion({ assertion: 'eyJhbGciOiJSUzI1NiJ9.e30.AA' })],
  ['client_secret_jwt', clientSecretJwt({ secret: 'a secret of no less than 32 octets' })],
])('CC-12, JA-01: %s sends the client id, the type and the assertion in the body, and no header', async (_, authentication) => {
  const { headers, body } = await buildTokenRequest({ server, clientId: 'me', authentication, nowMs });
  expect(headers).not.toHaveProperty('authorization');
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'me',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  });
});
