/** `@azure/msal-node` as it is, with every credential it has, against the Entra face. */
import { X509Certificate } from 'node:crypto';
import { type MockOptions, type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ownCertificate, signAssertion } from './assertion.ts';
import { type Acquired, runClient } from './client.ts';
import { expectEntraToken, onlyTokenRequest } from './verify.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

describe('MSAL gets a token that verifies', () => {
  test('with a secret', async () => {
    await expectToken(await acquire({ credential: { clientSecret: mock.clientSecret } }), '1');
    expect(onlyTokenRequest(mock).form).toMatchObject({ client_id: mock.clientId, client_secret: mock.clientSecret, scope: mock.scope });
  });

  test('with a certificate named by its SHA-256 thumbprint', async () => {
    await expectToken(await acquire({ credential: { clientCertificate: named('thumbprintSha256') } }), '2');
    expect(onlyTokenRequest(mock).assertion?.header).toMatchObject({ alg: 'PS256', 'x5t#S256': expect.any(String) });
  });

  test('with a certificate named by its SHA-1 thumbprint', async () => {
    await expectToken(await acquire({ credential: { clientCertificate: named('thumbprint') } }), '2');
    expect(onlyTokenRequest(mock).assertion?.header).toMatchObject({ alg: 'RS256', x5t: expect.any(String) });
  });

  test('with a certificate that it sends along', async () => {
    const { certificate } = ownCertificate(mock);
    await expectToken(await acquire({ credential: { clientCertificate: { ...named('thumbprintSha256'), x5c: certificate } } }), '2');
    expect(onlyTokenRequest(mock).assertion?.header).toHaveProperty('x5c', [new X509Certificate(certificate).raw.toString('base64')]);
  });

  test('with an assertion that its caller makes', async () => {
    const assertion = await signAssertion(mock);
    await expectToken(await acquire({ assertion }), '2');
    expect(onlyTokenRequest(mock).form).toHaveProperty('client_assertion', assertion);
  });
});

describe('MSAL shows the code of the refusal', () => {
  test('for a wrong secret', async () => {
    expect(await acquire({ credential: { clientSecret: 'wrong' } })).toEqual([refused('AADSTS7000215')]);
  });

  test('for a certificate that is registered nowhere', async () => {
    const foreign = await mock.issueCertificate({ registered: false });
    expect(await acquire({ credential: { clientCertificate: named('thumbprintSha256', foreign) } })).toEqual([refused('AADSTS700027')]);
  });

  test('for a certificate that has expired', async () => {
    const nowMs = Date.now();
    const expired = await mock.issueCertificate({ notBeforeMs: nowMs - 2 * DAY_MS, notAfterMs: nowMs - DAY_MS });
    expect(await acquire({ credential: { clientCertificate: named('thumbprintSha256', expired) } })).toEqual([refused('AADSTS1000502')]);
  });
});

test('MSAL sends one assertion with two requests: the profile entra refuses the second', async () => {
  const clientCertificate = named('thumbprintSha256');
  expect(await acquire({ credential: { clientCertificate }, times: 2 })).toEqual([{ token: expect.any(String) }, refused('AADSTS50027')]);
});

test('MSAL sends one assertion with two requests: the profile lenient takes both', async () => {
  const lenient = await start({ profile: 'lenient' });
  const clientCertificate = named('thumbprintSha256', ownCertificate(lenient));
  const both = await acquire({ credential: { clientCertificate }, times: 2 }, lenient);
  expect(both).toEqual([{ token: expect.any(String) }, { token: expect.any(String) }]);
  const [first, second] = lenient.journal.filter(({ method }) => method === 'POST');
  expect(first?.form?.['client_assertion']).toBe(second?.form?.['client_assertion']);
});

const DAY_MS = 86_400_000;

async function start(options: MockOptions): Promise<MockTokenEndpoint> {
  const started = await startMockTokenEndpoint(options);
  onTestFinished(() => started.close());
  return started;
}

function acquire(
  task: { credential?: object; assertion?: string; times?: number },
  server: MockTokenEndpoint = mock,
): Promise<readonly Acquired[]> {
  const { authorityHost, tenantId, clientId, scope } = server;
  return runClient('msal', { authorityHost, tenantId, clientId, scope, times: 1, ...task }, server);
}

/** As MSAL takes certificates: a thumbprint in hexadecimal, and the key. */
function named(by: 'thumbprint' | 'thumbprintSha256', { certificate, privateKey } = ownCertificate(mock)): object {
  const { fingerprint, fingerprint256 } = new X509Certificate(certificate);
  return { [by]: (by === 'thumbprint' ? fingerprint : fingerprint256).replaceAll(':', ''), privateKey };
}

function refused(code: string): object {
  return { error: expect.objectContaining({ name: 'ServerError', message: expect.stringContaining(`${code}:`) }) };
}

/** `azpacr` says how the client proved itself: 1 by a secret, 2 by a certificate. */
function expectToken(acquired: readonly Acquired[], azpacr: '1' | '2'): Promise<void> {
  return expectEntraToken(acquired, { mock, claims: { azp: mock.clientId, azpacr } });
}
