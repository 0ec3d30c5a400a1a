/** Servers beside Entra's v2 endpoint, each as plain data with overrides, in wire form. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { compactVerify } from 'jose';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { entraServer } from '../src/entra/authority.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';

const nowMs = VALID_AT_MS;
const now = nowMs / 1000;
const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
const certificate = readCertificate({ pem: pair('rsa'), nowMs });
const uniqueId = () => 'id-1';
const authentication = clientSecretPost({ secret: 'p+q/r=' });
const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
const secretFields = `grant_type=client_credentials&client_id=${clientId}&client_secret=p%2Bq%2Fr%3D`;

/** The header and claims of the assertion in this body, once its signature was verified with the certificate's key. */
async function verifiedAssertion(body: string): Promise<{ header: unknown; claims: unknown; others: Record<string, string> }> {
  const { client_assertion: assertion = '', ...others } = Object.fromEntries(new URLSearchParams(body));
  const key = createPublicKey(fixture('rsa.crt.pem'));
  const { protectedHeader: header, payload } = await compactVerify(assertion, key);
  return { header, claims: JSON.parse(Buffer.from(payload).toString()), others };
}

test('ENT-03: Entra v1 takes a resource and no scope, and names itself sts.windows.net', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/',
    tokenEndpoint: 'https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/token',
  };
  expect(await buildTokenRequest({ server, clientId, authentication, nowMs, resource: 'https://management.azure.com/' })).toEqual({
    url: 'https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/oauth2/token',
    method: 'POST',
    headers,
    body: `${secretFields}&resource=https%3A%2F%2Fmanagement.azure.com%2F`,
  });
});

test('ENT-03, ENT-16: an assertion for Entra v1 names the v1 endpoint, by override', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://sts.windows.net/contoso.com/',
    tokenEndpoint: 'https://login.microsoftonline.com/contoso.com/oauth2/token',
  };
  const signed = privateKeyJwt({ certificate, audience: server.tokenEndpoint, type: 'JWT', lifetimeSeconds: 300 });
  const { body } = await buildTokenRequest({ server, clientId, authentication: signed, nowMs, resource: 'https://vault.azure.net' });
  expect(await verifiedAssertion(body)).toMatchObject({
    header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': certificate.x5tS256 },
    claims: { aud: server.tokenEndpoint, exp: now + 300 },
    others: { resource: 'https://vault.azure.net' },
  });
});

test('ENT-17: ADFS takes RS256 with x5t, its token endpoint as the audience, and a resource', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://adfs.contoso.com/adfs',
    tokenEndpoint: 'https://adfs.contoso.com/adfs/oauth2/token',
  };
  const signed = privateKeyJwt({ certificate, algorithm: 'RS256', thumbprint: 'x5t', audience: server.tokenEndpoint, type: 'JWT' });
  const request = await buildTokenRequest({ server, clientId, authentication: signed, nowMs, uniqueId, resource: 'urn:contoso:api' });
  expect(request).toMatchObject({ url: 'https://adfs.contoso.com/adfs/oauth2/token', method: 'POST', headers });
  const sha1 = new X509Certificate(fixture('rsa.crt.pem')).fingerprint.replaceAll(':', '');
  expect(await verifiedAssertion(request.body)).toEqual({
    header: { alg: 'RS256', typ: 'JWT', x5t: Buffer.from(sha1, 'hex').toString('base64url') },
    claims: { aud: server.tokenEndpoint, iss: clientId, sub: clientId, jti: 'id-1', nbf: now, iat: now, exp: now + 60 },
    others: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      resource: 'urn:contoso:api',
    },
  });
});

test('ENT-01, ENT-10: an external tenant is an authority host of its own, with the rules of Entra', async () => {
  const server = entraServer({ tenant: 'contoso.onmicrosoft.com', authorityHost: 'contoso.ciamlogin.com' });
  const scope = 'api://aaaabbbb-0000-cccc-1111-dddd2222eeee/.default';
  expect(await buildTokenRequest({ server, clientId, authentication, nowMs, scope })).toEqual({
    url: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
    method: 'POST',
    headers,
    body: `${secretFields}&scope=api%3A%2F%2Faaaabbbb-0000-cccc-1111-dddd2222eeee%2F.default`,
  });
  await expect(buildTokenRequest({ server, clientId, authentication, nowMs, scope: 'User.Read' })).rejects.toMatchObject({
    code: 'invalid_scope',
  });
});

test('ENT-23: an assertion for an external tenant names its host', async () => {
  const server = entraServer({ tenant: 'contoso.onmicrosoft.com', authorityHost: 'contoso.ciamlogin.com' });
  const { body } = await buildTokenRequest({
    server,
    clientId,
    authentication: privateKeyJwt({ certificate }),
    nowMs,
    scope: 'api://x/.default',
  });
  expect(await verifiedAssertion(body)).toMatchObject({
    claims: { aud: 'https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token' },
  });
});

test('CC-05, CC-12: Azure AD B2C has a policy in the path of its endpoint, and a scope of Entra’s form', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://contoso.b2clogin.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0/',
    tokenEndpoint: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/token',
  };
  const scope = 'https://contoso.onmicrosoft.com/api/.default';
  expect(await buildTokenRequest({ server, clientId, authentication, nowMs, scope })).toEqual({
    url: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/token',
    method: 'POST',
    headers,
    body: `${secretFields}&scope=https%3A%2F%2Fcontoso.onmicrosoft.com%2Fapi%2F.default`,
  });
});

test('CC-12, CC-15: Auth0 wants an audience and no scope', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://contoso.eu.auth0.com/',
    tokenEndpoint: 'https://contoso.eu.auth0.com/oauth/token',
  };
  const request = { server, clientId, nowMs, uniqueId, audience: 'https://api.contoso.com/' };
  expect(await buildTokenRequest({ ...request, authentication })).toEqual({
    url: 'https://contoso.eu.auth0.com/oauth/token',
    method: 'POST',
    headers,
    body: `${secretFields}&audience=https%3A%2F%2Fapi.contoso.com%2F`,
  });
});

test('JA-04, JA-12: an assertion for Auth0 names the issuer, with its slash', async () => {
  const server: AuthorizationServer = {
    profile: 'rfc',
    issuer: 'https://contoso.eu.auth0.com/',
    tokenEndpoint: 'https://contoso.eu.auth0.com/oauth/token',
  };
  const { body } = await buildTokenRequest({
    server,
    clientId,
    authentication: privateKeyJwt({ certificate, keyId: 'k1' }),
    nowMs,
    audience: 'a',
  });
  expect(await verifiedAssertion(body)).toMatchObject({
    header: { alg: 'PS256', typ: 'client-authentication+jwt', kid: 'k1' },
    claims: { aud: 'https://contoso.eu.auth0.com/' },
    others: { audience: 'a' },
  });
});
