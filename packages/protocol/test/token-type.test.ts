import { expect, test } from 'vitest';
import { pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import type { ClientAuthentication } from '../src/client-authentication/client-authentication.ts';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { selfSignedTlsClientAuth } from '../src/client-authentication/self-signed-tls-client-auth.ts';
import { tlsClientAuth } from '../src/client-authentication/tls-client-auth.ts';
import { entraServer } from '../src/entra/authority.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';

const nowMs = VALID_AT_MS;
const scope = 'https://graph.microsoft.com/.default';
const entra = entraServer({ tenant: 'contoso.com' });
const mtls = 'https://mtlsauth.microsoft.com/contoso.com/oauth2/v2.0/token';
const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://server.example.com/token' };
const post = clientSecretPost({ secret: 's' });
const assertion = privateKeyJwt({ certificate: readCertificate({ pem: pair('rsa'), nowMs }) });
/** RFC 9449 §5: a proof for a POST to https://server.example.com/token, signed with ES256. */
const proof =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg';

const build = (options: Partial<Parameters<typeof buildTokenRequest>[0]>) =>
  buildTokenRequest({ server: rfc, clientId: 'me', authentication: post, nowMs, ...options });
const fieldsOf = async (options: Partial<Parameters<typeof buildTokenRequest>[0]>) =>
  Object.fromEntries(new URLSearchParams((await build(options)).body));

test('DP-01: the proof is one header of the request, and no field of its body', async () => {
  const { headers, body } = await build({ tokenType: 'dpop', dpopProof: proof });
  expect(Object.entries(headers).filter(([name]) => name.toLowerCase() === 'dpop')).toEqual([['dpop', proof]]);
  expect(new Headers(headers).get('DPoP')).toBe(proof);
  expect(body).toBe('grant_type=client_credentials&client_id=me&client_secret=s');
});

test.each([
  ['the type without a proof', { tokenType: 'dpop' }],
  ['a proof without the type', { dpopProof: proof }],
  ['an empty proof', { tokenType: 'dpop', dpopProof: '' }],
  ['two proofs', { tokenType: 'dpop', dpopProof: `${proof},${proof}` }],
  ['a proof with a line break', { tokenType: 'dpop', dpopProof: `${proof}\r\nx-evil: 1` }],
  ['a JWT that is no proof', { tokenType: 'dpop', dpopProof: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln' }],
  ['a proof that is no text', { tokenType: 'dpop', dpopProof: [proof] as unknown as string }],
  ['a proof for another endpoint', { tokenType: 'dpop', dpopProof: proof, server: { ...rfc, tokenEndpoint: 'https://as.example/t' } }],
] as const)('DP-01, DP-09: %s is refused before anything is sent', async (_, options) => {
  await expect(build(options)).rejects.toMatchObject({ code: 'invalid_parameter' });
});

test('DP-12: a proof signed with what the server does not list is refused', async () => {
  const options = { tokenType: 'dpop', dpopProof: proof } as const;
  await expect(build({ ...options, server: { ...rfc, dpopAlgorithms: ['PS256'] } })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
  await expect(build({ ...options, server: { ...rfc, dpopAlgorithms: ['PS256', 'ES256'] } })).resolves.toMatchObject({
    url: rfc.tokenEndpoint,
  });
});

test('DP-01: with the certificate on the connection the proof is for the alias', async () => {
  const server = { ...rfc, tokenEndpoint: 'https://as.example/t', mtlsTokenEndpoint: rfc.tokenEndpoint };
  const options = { server, tokenType: 'dpop', dpopProof: proof } as const;
  await expect(build({ ...options, authentication: tlsClientAuth() })).resolves.toMatchObject({ url: 'https://server.example.com/token' });
  await expect(build(options)).rejects.toMatchObject({ code: 'invalid_parameter' });
});

test.each([
  [entra, 'dpop', 'mtls_pop'],
  [rfc, 'mtls_pop', 'dpop'],
  [rfc, 'pop', 'dpop'],
  [rfc, '', 'dpop'],
] as const)('DP-14: of $profile no %s token is asked for, and the message names %s', async (server, tokenType, known) => {
  await expect(build({ server, scope, tokenType: tokenType as 'dpop', dpopProof: proof })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining(`"${known}"`),
  });
});

test('CC-17: nobody asks for a token type by name unless Entra has to know it', async () => {
  expect(await fieldsOf({ tokenType: 'dpop', dpopProof: proof })).not.toHaveProperty('token_type');
  expect(await fieldsOf({})).not.toHaveProperty('token_type');
});

test.each([tlsClientAuth(), selfSignedTlsClientAuth()])(
  'ENT-46, MT-01: an mtls_pop token is asked for with $method, the type and no assertion',
  async (authentication) => {
    expect(await build({ server: entra, scope, tokenType: 'mtls_pop', authentication })).toEqual({
      url: mtls,
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=me&scope=${encodeURIComponent(scope)}&token_type=mtls_pop`,
    });
  },
);

test.each<[string, ClientAuthentication]>([
  ['a secret', post],
  ['an assertion', assertion],
  ['an assertion over TLS', { ...assertion, mutualTls: true }],
  ['a method of that name without a certificate', { ...tlsClientAuth(), mutualTls: false }],
])('ENT-46: an mtls_pop token is not asked for with %s', async (_, authentication) => {
  const server = { ...entra, mtlsTokenEndpoint: mtls };
  await expect(build({ server, scope, tokenType: 'mtls_pop', authentication })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining(`"${authentication.method}"`),
  });
});

test.each([tlsClientAuth(), selfSignedTlsClientAuth()])(
  'ENT-46, ENT-47: without mtls_pop Entra is not asked with $method alone, and the message says what to do',
  async (authentication) => {
    await expect(build({ server: entra, scope, authentication })).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: expect.stringMatching(/"mtls_pop".*\{ \.\.\.privateKeyJwt\(…\), mutualTls: true \}/),
    });
    await expect(build({ authentication })).resolves.toMatchObject({ url: rfc.tokenEndpoint });
  },
);

test.each([{ profile: 'Entra' }, { profile: undefined }, { profile: 'constructor' }])(
  'ENT-10: %j is no profile, and means none',
  async (other) => {
    await expect(build({ server: { ...rfc, ...other } as unknown as AuthorizationServer })).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: expect.stringContaining('profile'),
    });
  },
);

test('CC-32: what may be secret in an issuer stands in no message', async () => {
  const { tokenEndpoint: _, ...server } = { ...rfc, issuer: 'https://u:marker@as.example/?marker' };
  await expect(build({ server: server as AuthorizationServer })).rejects.toMatchObject({
    code: 'invalid_url',
    message: 'No tokenEndpoint of "…@as.example/" is known; give the server one',
  });
});

test('ENT-47, ENT-23, CC-08: an assertion over TLS goes to the host for certificates, and names it as its audience', async () => {
  const fields = await fieldsOf({ server: entra, scope, authentication: { ...assertion, mutualTls: true } });
  expect(Object.keys(fields)).toEqual(['grant_type', 'client_id', 'client_assertion_type', 'client_assertion', 'scope']);
  expect(decodeToken(fields['client_assertion'] ?? '').claims['aud']).toBe(mtls);
});

test('ENT-23: without a certificate on the connection the audience is the ordinary host, which the request goes to', async () => {
  const { url, body } = await build({ server: entra, scope, authentication: assertion });
  expect(url).toBe('https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token');
  expect(decodeToken(new URLSearchParams(body).get('client_assertion') ?? '').claims['aud']).toBe(url);
});

test('JA-04: elsewhere the audience stays the issuer, also at the alias', async () => {
  const server = { ...rfc, mtlsTokenEndpoint: 'https://mtls.as.example/token' };
  const fields = await fieldsOf({ server, authentication: { ...assertion, mutualTls: true } });
  expect(decodeToken(fields['client_assertion'] ?? '').claims['aud']).toBe('https://as.example');
});

test.each([
  ['the alias', { mtlsTokenEndpoint: 'https://mtls.as.example/t' }, tlsClientAuth(), 'https://mtls.as.example/t'],
  [
    'the plain one, for want of an alias for tokens',
    { mtlsRevocationEndpoint: 'https://mtls.as.example/r' },
    tlsClientAuth(),
    rfc.tokenEndpoint,
  ],
  [
    'the plain one, without a certificate',
    { mtlsTokenEndpoint: 'https://mtls.as.example/t' },
    clientSecretBasic({ secret: 's' }),
    rfc.tokenEndpoint,
  ],
] as const)('MT-03: the endpoint is %s', async (_, aliases, authentication, url) => {
  expect((await build({ server: { ...rfc, ...aliases }, authentication })).url).toBe(url);
});

test('ENT-45, ENT-46: where Entra has no known host for certificates, none is asked instead', async () => {
  const server = entraServer({ tenant: 'contoso.com', authorityHost: 'sso.example' });
  await expect(build({ server, scope, authentication: tlsClientAuth() })).rejects.toMatchObject({
    code: 'invalid_url',
    message: expect.stringContaining('mtlsTokenEndpoint'),
  });
});
