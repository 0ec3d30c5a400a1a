/** Markers planted as secret, key, assertion and token appear in nothing that our objects print. */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { ApiCallerError, createApiCaller } from '@client-credentials/api-caller';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { clientSecretBasic, clientSecretPost, privateKeyJwt, readCertificate } from '@client-credentials/protocol';
import { certificate, createTokenSource, entra, requestToken, secret } from '@client-credentials/token-source';
import { expect, onTestFinished, test, vi } from 'vitest';

const SECRET = 'marker-client-secret';

test('CC-32, SEC-08: nothing secret is printed by any object or error of ours, on success and in every failure', async () => {
  const written: unknown[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...values) => void written.push(values));
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation((chunk) => written.push(chunk) > 0);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const mock = await startMockTokenEndpoint();
  onTestFinished(() => mock.close());
  const pem = readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8');
  const base = {
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    ca: mock.ca,
    maxAttempts: 1,
  };
  const scope = mock.scope;
  const withCertificate = createTokenSource({ ...base, credential: certificate({ pem }) });
  const withSecret = createTokenSource({ ...base, credential: secret(mock.clientSecret) });
  const api = createApiCaller({ baseUrl: mock.apiBaseUrl, scope, tokens: withCertificate, ca: mock.ca, maxAttempts: 1 });
  onTestFinished(async () => void (await Promise.all([withCertificate.close(), withSecret.close(), api.close()])));

  const tokens = [await withCertificate.getToken(scope), await withSecret.getToken(scope)];
  await api.getJson('users');
  const objects: unknown[] = [
    base,
    withCertificate,
    withSecret,
    api,
    tokens,
    withSecret.inspect(scope),
    readCertificate({ pem, nowMs: Date.now() }),
  ];
  objects.push(clientSecretPost({ secret: SECRET }), clientSecretBasic({ secret: SECRET }), secret(SECRET), certificate({ pem }));
  objects.push(privateKeyJwt({ certificate: readCertificate({ pem, nowMs: Date.now() }) }));

  objects.push(await failure(() => requestToken({ ...base, credential: secret(SECRET), scope })));
  objects.push(await failure(() => requestToken({ ...base, credential: secret(`${SECRET}\n`), scope })));
  objects.push(await failure(() => requestToken({ ...base, credential: certificate({ pem: pem.slice(0, -30) }), scope })));
  objects.push(
    await failure(() => requestToken({ ...base, credential: certificate({ pem }, { audience: 'https://other.example' }), scope })),
  );
  const unreadable = [
    { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>marker-body</html>' },
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"access_token":"marker-body' },
    { status: 400, body: { error: 'invalid_client', error_description: `repeated: ${tokens[0]?.value}` } },
    { redirect: 307, to: 'https://elsewhere.example' } as const,
  ];
  for (const answer of [...unreadable, { status: 200, body: { access_token: 'marker-body\n', token_type: 'Bearer' } }]) {
    mock.enqueue(answer);
    objects.push(await failure(() => withCertificate.getToken(scope, { forceRefresh: true })));
  }
  for (const answer of unreadable) {
    mock.addRule({ match: { path: /users$/ }, times: 1, answer });
    const apiFailure = await failure(() => api.getJson('users'));
    expect(apiFailure).toBeInstanceOf(ApiCallerError);
    objects.push(apiFailure);
  }
  objects.push(await failure(() => api.getJson('users', { headers: { authorization: `Bearer ${SECRET}` } })));

  const assertions = mock.journal.map(({ form }) => form?.['client_assertion']).filter((assertion) => assertion !== undefined);
  const markers = [SECRET, mock.clientSecret, 'marker-body', ...tokens.map(({ value }) => value), ...assertions, ...keyLines(pem)];
  expect(assertions.length).toBeGreaterThan(5);
  expect(keyLines(pem).length).toBeGreaterThan(15);
  vi.restoreAllMocks();
  const printed = [...objects, written]
    .map((object) => `${inspect(object, { depth: 30, showHidden: true, maxStringLength: null })}\n${json(object)}\n${String(object)}`)
    .join('\n');
  expect(markers.filter((marker) => printed.includes(marker))).toEqual([]);
});

test('the search itself finds a marker that is there', () => {
  expect(inspect({ a: new Error(SECRET) }, { showHidden: true })).toContain(SECRET);
});

async function failure(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

/** The lines of the private key, any of which would give it away in part. Its modulus is public: it stands in the certificate too. */
function keyLines(pem: string): string[] {
  const [, key = ''] = /-----BEGIN PRIVATE KEY-----\n([\s\S]*?)-----END/.exec(pem) ?? [];
  const [publicText = ''] = readCertificate({ pem, nowMs: Date.now() }).x5c;
  return key.split('\n').filter((line) => line.length > 40 && !publicText.includes(line));
}

function json(object: unknown): string {
  const seen = new Set<unknown>();
  return JSON.stringify(object, (_, value: unknown) => {
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return undefined;
      seen.add(value);
    }
    return value;
  });
}
