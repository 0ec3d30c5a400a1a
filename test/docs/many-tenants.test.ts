/** The guide to many tenants tells the truth: its programs run against the mock, whose tenants are ready, or not in each way. */
import { readFileSync } from 'node:fs';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import type { TokenSource } from '@client-credentials/token-source';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { fixture, pair } from '../support/certificates.ts';
import { bundleProgram } from '../support/program.ts';

const GUIDE = readFileSync(new URL('../../docs/guides/many-tenants.md', import.meta.url), 'utf8');
const [SOURCE = '', CONSENT = ''] = [...GUIDE.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program]) => program);
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e';
const READY = { certificates: [fixture('rsa.crt.pem')] };

interface Daemon {
  readonly tokens: TokenSource;
  readonly lacking: (tenant: string) => Promise<string | undefined>;
}

let mock: MockTokenEndpoint;
let daemon: Daemon;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({
    seed: 'many tenants',
    now: Date.now,
    tenants: {
      'contoso.onmicrosoft.com': { clients: { [CLIENT]: READY } },
      'fabrikam.onmicrosoft.com': { clients: { [CLIENT]: { ...READY, consented: false } } },
      'tailspin.onmicrosoft.com': { clients: {} },
      'wingtip.onmicrosoft.com': { clients: { [CLIENT]: { ...READY, disabled: true } } },
    },
  });
  const program = SOURCE.replace("tenant: 'vendor", `authorityHost: '${mock.authorityHost}', tenant: 'vendor`)
    .replace("certificateFile('/etc/daemon/daemon.pem')", `certificate({ pem: ${JSON.stringify(pair('rsa'))} })`)
    .replace('{ certificateFile,', '{ certificate,')
    .replace('  tenants: [', `  ca: ${JSON.stringify(mock.ca)},\n  tenants: [`);
  daemon = (await import(await bundleProgram(program))) as Daemon;
}, 60_000);
beforeEach(async () => {
  mock.reset();
  await daemon.tokens.forget();
});
afterAll(async () => {
  await daemon.tokens.close();
  await mock.close();
});

test('its daemon says what each tenant lacks, and says so again while the server is not asked', async () => {
  const states = async (): Promise<readonly (string | undefined)[]> =>
    Promise.all(['contoso', 'fabrikam', 'tailspin', 'wingtip'].map((name) => daemon.lacking(`${name}.onmicrosoft.com`)));
  const expected = [
    undefined,
    `app_missing ${mock.authorityHost}/fabrikam.onmicrosoft.com/adminconsent?client_id=${CLIENT}`,
    `app_missing ${mock.authorityHost}/tailspin.onmicrosoft.com/adminconsent?client_id=${CLIENT}`,
    'app_disabled',
  ];
  expect(await states()).toEqual(expected);
  expect(await states()).toEqual(expected);
  expect(mock.journal).toHaveLength(4);
});

test('once an administrator has opened the page, forceRefresh asks at once', async () => {
  const tenant = 'fabrikam.onmicrosoft.com';
  const [, page = ''] = (await daemon.lacking(tenant))?.split(' ') ?? [];
  await openInBrowser(page);
  const token = await daemon.tokens.getToken('https://graph.microsoft.com/.default', { tenant, forceRefresh: true });
  expect(token.tokenType).toBe('Bearer');
});

test('its table has every state and number, as the code does', () => {
  const code = readFileSync(new URL('../../packages/token-source/src/onboarding-error.ts', import.meta.url), 'utf8');
  const states = [...code.matchAll(/\[(\d+), '(\w+)'\]/g)].map(([, number, state]) => `${state} ${number}`);
  const rows = [...GUIDE.matchAll(/^\| `(\w+)` +\| ([\d, ]+?) +\|/gm)].flatMap(([, state, numbers = '']) =>
    numbers.split(', ').map((number) => `${state} ${number}`),
  );
  expect(rows.toSorted()).toEqual(states.toSorted());
});

test('its page for consent takes the answer to its own request, and no other', async () => {
  const { consentLink, consentedTenant } = (await import(await bundleProgram(CONSENT))) as {
    consentLink: (tenant: string) => { url: string; state: string };
    consentedTenant: (url: string, state: string) => string;
  };
  const { url, state } = consentLink('contoso.onmicrosoft.com');
  expect(url).toMatch(/^https:\/\/login\.microsoftonline\.com\/contoso\.onmicrosoft\.com\/v2\.0\/adminconsent\?/);
  const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
  const answer = `/consented?admin_consent=True&tenant=${tenant}&state=${state}`;
  expect(consentedTenant(answer, state)).toBe(tenant);
  expect(() => consentedTenant(answer, 'of another session')).toThrow(/another state/);
});

/** The mock grants without asking, and wants to send the browser somewhere. */
async function openInBrowser(page: string): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: mock.ca } });
  onTestFinished(() => dispatcher.close());
  const { statusCode, body } = await request(`${page}&redirect_uri=http://localhost/`, { dispatcher });
  await body.dump();
  expect(statusCode).toBeLessThan(400);
}
