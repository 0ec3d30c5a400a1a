/** Authorities that are not what they should be: foreign metadata, regions that are hosts, and hosts that an environment names. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { pair } from '../../../../test/support/certificates.ts';
import { certificate, createTokenSource, entra, fromEnvironment, issuer, secret, type TokenSource } from '../../src/index.ts';
import { type Loopback, sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const SCOPE = 'https://graph.microsoft.com/.default';

/** A server that says this of itself wherever it is asked, and gives tokens. */
async function startIssuer(metadata: (origin: string) => object): Promise<Loopback> {
  const loopback = await startLoopback((response, index, received) => {
    if (received.method === 'POST') sendToken(response, index, received);
    else sendJson(response, { issuer: loopback.origin, token_endpoint: `${loopback.origin}/token`, ...metadata(loopback.origin) });
  });
  return loopback;
}

describe('DI-03, JA-07: metadata', () => {
  test.each<readonly [string, (origin: string) => object, string]>([
    ['of another issuer', () => ({ issuer: 'https://evil.example' }), 'issuer_mismatch'],
    ['of an issuer with a slash more', (origin) => ({ issuer: `${origin}/` }), 'issuer_mismatch'],
    ['of an issuer in capitals', (origin) => ({ issuer: origin.replace('http', 'HTTP') }), 'issuer_mismatch'],
    [
      'of an issuer that is in the host',
      (origin) => ({ issuer: origin.replace('127.0.0.1', '127.0.0.1.evil.example') }),
      'issuer_mismatch',
    ],
    ['of no issuer', () => ({ issuer: undefined }), 'issuer_mismatch'],
    ['with a token endpoint without TLS', () => ({ token_endpoint: 'http://evil.example/token' }), 'invalid_url'],
    ['with a token endpoint that holds a password', () => ({ token_endpoint: 'https://u:p@evil.example/token' }), 'invalid_url'],
  ])('%s end the matter: no second place is asked, and no token', async (_, metadata, code) => {
    const loopback = await startIssuer(metadata);
    const { source } = sourceFor(loopback, { authority: issuer(loopback.origin, { allowHttpLoopback: true }) });
    await expect(source.getToken('a')).rejects.toMatchObject({ code });
    expect(loopback.received.map(({ method }) => method)).toEqual(['GET']);
  });

  test('with a token endpoint of another server get assertions that are for the configured issuer alone', async () => {
    const honest = await startIssuer(() => ({}));
    const loopback = await startIssuer(() => ({ token_endpoint: `${honest.origin}/token` }));
    const authority = issuer(loopback.origin, { allowHttpLoopback: true });
    await sourceFor(loopback, { authority, credential: certificate({ pem: pair('p256') }) }).source.getToken('a');
    const [, claims = ''] = honest.received[0]?.form.get('client_assertion')?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ aud: loopback.origin });
  });
});

/** A source of which every request is seen, and none leaves the process. */
function seen(options: Partial<Parameters<typeof createTokenSource>[0]>): { readonly source: TokenSource; readonly hosts: string[] } {
  const hosts: string[] = [];
  const source = createTokenSource({
    authority: entra({ tenant: 'contoso.com' }),
    clientId: 'me',
    credential: secret('s'),
    fetch: async (url) => {
      hosts.push(new URL(String(url)).host);
      return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600, location: 'eastus.evil.com/' });
    },
    ...options,
  });
  onTestFinished(() => source.close());
  return { source, hosts };
}

describe('ENT-42: a region', () => {
  const HOSTILE = ['eastus.evil.com/', 'evil.com#', 'evil.com?', 'a@evil.com', 'evil.com:443', '..', 'east us/', 'é', 'x'.repeat(64)];

  test.each(HOSTILE)('that is named "%s" is refused at once', (region) => {
    expect(() => entra({ tenant: 'contoso.com', region })).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
  });

  test.each(HOSTILE)('that the environment names "%s" is refused at once', (region) => {
    const environment = { ...VARIABLES, AZURE_REGIONAL_AUTHORITY_NAME: region };
    expect(() => fromEnvironment({ environment })).toThrowError(
      expect.objectContaining({ code: 'invalid_parameter', message: expect.stringContaining('AZURE_REGIONAL_AUTHORITY_NAME') }),
    );
  });

  test.each(HOSTILE)('that is found out as "%s" is passed over: the request goes to the global host', async (region) => {
    const environment = { REGION_NAME: region };
    const { source, hosts } = seen({ authority: entra({ tenant: 'contoso.com', region: 'auto', environment }) });
    await source.getToken(SCOPE);
    expect(hosts).toEqual(['169.254.169.254', 'login.microsoftonline.com']);
  });
});

const VARIABLES = { AZURE_TENANT_ID: 'contoso.com', AZURE_CLIENT_ID: 'me', AZURE_CLIENT_SECRET: 'marker-secret' };

describe('an authority host of the environment', () => {
  test.each([
    ['https://login.evil.example', 'untrusted_authority'],
    ['https://login.microsoftonline.com.evil.example/', 'untrusted_authority'],
    ['https://evil.example/login.microsoftonline.com', 'invalid_url'],
    ['https://evil.example#login.microsoftonline.com', 'invalid_url'],
    ['https://login.microsoftonline.com@evil.example', 'invalid_url'],
    ['https://login.microsoftonline.com:8443', 'untrusted_authority'],
    // With a Cyrillic letter in it, as it is and as a resolver would see it.
    ['https://login.m\u0456crosoftonline.com', 'invalid_url'],
    ['https://login.xn--mcrosoftonline-59l.com', 'untrusted_authority'],
    ['https://login.example.com:8443', 'untrusted_authority'],
    ['https://login.example.com.evil.example', 'untrusted_authority'],
    ['https://evil.login.example.com', 'untrusted_authority'],
    ['https://evillogin.example.com', 'untrusted_authority'],
    ['https://example.com', 'untrusted_authority'],
    ['https://127.0.0.1.evil.example', 'untrusted_authority'],
    ['https://localhost.evil.example', 'untrusted_authority'],
    ['https://169.254.169.254', 'untrusted_authority'],
    ['https://10.0.0.1', 'untrusted_authority'],
    ['http://127.0.0.1:8080', 'invalid_url'],
    ['http://login.microsoftonline.com', 'invalid_url'],
    ['login.evil.example', 'untrusted_authority'],
    ['file:///etc/passwd', 'invalid_url'],
  ])('that is "%s" is refused before anything is asked, without showing the secret: %s', (host, code) => {
    const environment = { ...VARIABLES, AZURE_AUTHORITY_HOST: host };
    const refusal = expect.objectContaining({ code, message: expect.stringMatching(/^(?!.*marker).*AZURE_AUTHORITY_HOST/) });
    expect(() => fromEnvironment({ environment })).toThrowError(refusal);
    expect(() => fromEnvironment({ environment, trustedAuthorityHosts: ['login.example.com', 'microsoftonline.com'] })).toThrowError(
      refusal,
    );
  });

  test.each(['https://login.microsoftonline.us', 'https://localhost:8443', 'https://[::1]/', 'https://LOGIN.example.com/'])(
    'that is known, on this machine or listed is asked: %s',
    async (host) => {
      const environment = { ...VARIABLES, AZURE_AUTHORITY_HOST: host };
      const { source, hosts } = seen(fromEnvironment({ environment, trustedAuthorityHosts: ['login.example.com'] }));
      await source.getToken(SCOPE);
      expect(hosts).toEqual([new URL(host).host]);
    },
  );
});
