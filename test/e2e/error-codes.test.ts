/** The mock's table of error codes beside the protocol's catalogue: what the one can say, the other can explain, and the other way about. */
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { entraServer, knownErrorCodes, readTokenResponse, TokenResponseError } from '@client-credentials/protocol';
import { expect, test } from 'vitest';

// Not of an authorization server's token endpoint: other codes the catalogue explains are names such as `invalid_client`.
const CODES = knownErrorCodes()
  .map((code) => /^(?:AADSTS)?([0-9]+)$/.exec(code)?.[1])
  .filter((code) => code !== undefined)
  .map(Number);

test('every AADSTS code that can be explained can be had from the mock, in Entra’s shape and with an entry of its own', async () => {
  await using mock = await startMockTokenEndpoint({ tls: false, seed: 'codes', now: Date.now });
  const server = entraServer({ tenant: mock.tenantId, authorityHost: mock.authorityHost, allowHttpLoopback: true });
  expect(CODES.length).toBeGreaterThan(100);
  const general: number[] = [];
  for (const code of CODES) {
    mock.enqueue({ aadsts: code });
    const response = await fetch(mock.tokenEndpoint, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) });
    const answer = { status: response.status, headers: response.headers, body: await response.text() };
    if (/The request was refused\./.test(answer.body)) general.push(code);
    let thrown: unknown;
    try {
      readTokenResponse(answer, { server, scope: mock.scope, requestedAtMs: Date.now() });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TokenResponseError);
    expect(thrown).toMatchObject({ code: 'oauth_error', errorCodes: [code], explanation: { code: `AADSTS${code}` } });
  }
  expect(general).toEqual([]);
});
