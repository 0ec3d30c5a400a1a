/** The guide to other servers tells the truth: each row's options are run against the mock, which stands in for the server. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JournalEntry, type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { type Authority, type Credential, certificate, createTokenSource, entra, issuer, secret } from '@client-credentials/token-source';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fixture, pair } from '../support/certificates.ts';
import { bundleProgram } from '../support/program.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/other-servers.md', import.meta.url), 'utf8');
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';
const SECRET = 'p@ss w+rd/=%:&~"x-_.*';
const TENANT = 'contoso.onmicrosoft.com';
/** How the mock has keys named. */
const KEY_ID = Buffer.from(new X509Certificate(fixture('rsa.crt.pem')).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

interface Row {
  readonly server: string;
  readonly authority: string;
  readonly credential: string;
  readonly parameters: string;
  readonly scope: string;
}

const ROWS: readonly Row[] = [...GUIDE.matchAll(/^\| ([^`|]+?) +\| `(.*?)` +\| `(.*?)` +\| (?:`(.*?)`)? +\| (?:`(.*?)`)? +\|$/gm)].map(
  ([, server = '', authority = '', credential = '', parameters = '', scope = '']) => ({ server, authority, credential, parameters, scope }),
);

let mock: MockTokenEndpoint;
beforeAll(async () => {
  const roles = ['orders.read', 'orders/read', 'okta.users.read'];
  const resources = Object.fromEntries(
    ['https://api.contoso.com', 'urn:contoso:api', `https://${TENANT}/api`, 'api://orders'].map((uri) => [uri, {}]),
  );
  const clients = { [CLIENT]: { secrets: [SECRET], certificates: [fixture('rsa.crt.pem')], roles } };
  mock = await startMockTokenEndpoint({
    profile: 'lenient',
    resources: { ...resources, 'api://mock-graph': { roles } },
    tenants: { [TENANT]: { clients } },
  });
});
afterAll(() => mock.close());

/** What the row says of the request, beside the client that makes it. */
const WIRE: Readonly<Record<string, object>> = {
  Auth0: { basic: true, fields: { audience: 'https://api.contoso.com/' } },
  'Okta, a server of your own': { basic: true, fields: { scope: 'orders.read' } },
  'Okta, its own APIs': { header: { alg: 'RS256', kid: KEY_ID, typ: 'JWT' }, audience: 'endpoint', fields: { scope: 'okta.users.read' } },
  Keycloak: { header: { alg: 'PS256', typ: 'client-authentication+jwt' }, audience: 'issuer', fields: {} },
  'AWS Cognito': { basic: true, fields: { scope: 'orders/read' } },
  ADFS: { header: { alg: 'RS256', typ: 'JWT', x5t: expect.any(String) }, audience: 'endpoint', fields: { resource: 'urn:contoso:api' } },
  'Azure AD B2C': { basic: false, fields: { client_secret: SECRET, scope: `https://${TENANT}/api/.default` } },
  'Entra, external tenant (CIAM)': { header: { alg: 'PS256', typ: 'JWT' }, audience: 'entra', fields: { scope: 'api://orders/.default' } },
  "Entra's endpoint of version 1": { basic: false, fields: { client_secret: SECRET, resource: 'https://api.contoso.com/' } },
};

test('there is a row for each server that is checked here, and no other', () => {
  expect(ROWS.map(({ server }) => server)).toEqual(Object.keys(WIRE));
});

describe('the options in the row get a token, and the request has what it says:', () => {
  test.for(ROWS)('$server', async ({ server, authority, credential, parameters, scope }) => {
    mock.reset();
    const source = createTokenSource({
      authority: evaluate(onMock(authority)) as Authority,
      clientId: CLIENT,
      credential: evaluate(onMock(credential)) as Credential,
      ...(parameters !== '' && { parameters: evaluate(parameters) as { resource: string } }),
      ca: mock.ca,
    });
    onTestFinished(() => source.close());
    await source.getToken(scope);
    const [request] = mock.journal.filter(({ form }) => form !== undefined);
    expect(wireOf(request)).toEqual(WIRE[server]);
  });
});

test('the program for Google sends what Google wants', async () => {
  const received: string[] = [];
  const google = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"t","token_type":"Bearer","expires_in":3599}');
  });
  await new Promise<void>((resolve) => google.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void google.close());
  const endpoint = `http://127.0.0.1:${(google.address() as AddressInfo).port}/token`;
  const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  const file = await bundleProgram(program.replace("'https://oauth2.googleapis.com/token'", `'${endpoint}', allowHttpLoopback: true`));
  const { googleToken } = (await import(file)) as { googleToken: (key: object, scope: string) => Promise<{ value: string }> };
  const key = { client_email: 'daemon@project.iam.gserviceaccount.com', private_key: fixture('rsa.key.pem'), private_key_id: 'k1' };
  expect((await googleToken(key, 'https://www.googleapis.com/auth/cloud-platform')).value).toBe('t');
  const { grant_type, assertion = '' } = Object.fromEntries(new URLSearchParams(received[0]));
  expect(grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const { payload, protectedHeader } = await jwtVerify(assertion, createPublicKey(fixture('rsa.crt.pem')), { audience: endpoint });
  expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: 'k1' });
  expect(payload).toMatchObject({ iss: key.client_email, scope: 'https://www.googleapis.com/auth/cloud-platform' });
});

/** A cell of the table as the value that it stands for. */
function evaluate(cell: string): unknown {
  const names = { issuer, entra, secret, certificate, value: SECRET, source: { pem: pair('rsa') } };
  return new Function(...Object.keys(names), `return (${cell});`)(...Object.values(names));
}

/** The mock in place of the server that the cell names. */
function onMock(cell: string): string {
  return cell
    .replace(/authorityHost: '[^']*'/, `authorityHost: '${mock.authorityHost}'`)
    .replace(/(tokenEndpoint|audience): '[^']*'/, `$1: '${mock.issuer}/token'`)
    .replace(/keyId: '[^']*'/, `keyId: '${KEY_ID}'`)
    .replace(/issuer\('[^']*'/, `issuer('${mock.issuer}'`);
}

function wireOf(request: JournalEntry | undefined): object {
  const { form = {}, headers = {}, assertion } = request ?? {};
  const { grant_type: _grant, client_id: _client, client_assertion_type: _type, client_assertion: signed, ...fields } = form;
  if (signed === undefined) return { basic: headers['authorization']?.startsWith('Basic ') === true, fields };
  const { 'x5t#S256': _thumbprint, ...header } = (assertion?.header ?? {}) as Record<string, unknown>;
  const audiences: Readonly<Record<string, string>> = { [mock.issuer]: 'issuer', [`${mock.issuer}/token`]: 'endpoint' };
  const { aud = '' } = (assertion?.claims ?? {}) as { readonly aud?: string };
  return { header, audience: audiences[aud] ?? 'entra', fields };
}
