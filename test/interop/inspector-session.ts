/** What the tests of the inspector share: a mock, a browser, and for each test a page of its own in which nothing may go wrong. */
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import type { Browser, Locator, Page } from 'playwright-core';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { findChromium, launchChromium, type OpenPage, openPage } from './inspector-browser.ts';

export interface Session {
  readonly mock: MockTokenEndpoint;
  readonly browser: Browser;
  /** The inspector, following the journal. */
  readonly page: Page;
  /** Sends a token request with the mock's own secret, but for the fields given, and returns its status. */
  ask(changes?: Readonly<Record<string, string>>): Promise<number>;
  /** The rows of the list that contain `text`. */
  exchange(text: string): Locator;
  /** The first field of that name in the exchange shown: name, value and meaning. */
  field(name: string): Locator;
  /** What was copied last. */
  clipboard(): Promise<string>;
}

/** Tests in a browser. Where there is none a line says so and there are no tests; with `REQUIRE_CHROMIUM=1` they fail instead. */
export function describeInspector(title: string, define: (session: Session) => void): void {
  const executable = findChromium();
  if (executable === undefined && process.env['REQUIRE_CHROMIUM'] !== '1') {
    console.log(`Not tested, for want of Chromium (install it, or name it in CHROMIUM): ${title}`);
    return;
  }
  describe(title, () => define(useSession(executable)));
}

function useSession(executable: string | undefined): Session {
  let mock: MockTokenEndpoint;
  let browser: Browser;
  let dispatcher: Agent;
  let opened: OpenPage;

  beforeAll(async () => {
    if (executable === undefined) throw new Error('REQUIRE_CHROMIUM is 1, but there is no Chromium: install it or name it in CHROMIUM');
    mock = await startMockTokenEndpoint({ now: () => NOW_MS });
    browser = await launchChromium(executable);
    dispatcher = new Agent({ connect: { ca: mock.ca } });
  });
  afterAll(async () => {
    await browser?.close();
    await dispatcher?.close();
    await mock?.close();
  });
  beforeEach(async () => {
    mock.reset();
    opened = await openPage(browser, { url: mock.inspectorUrl });
    await opened.page.getByText('Live', { exact: true }).waitFor();
  });
  afterEach(async () => {
    expect(opened.faults).toEqual([]);
    await opened.page.context().close();
  });

  return {
    get mock() {
      return mock;
    },
    get browser() {
      return browser;
    },
    get page() {
      return opened.page;
    },
    ask: async (changes = {}) => {
      const own = { grant_type: 'client_credentials', client_id: mock.clientId, client_secret: mock.clientSecret, scope: mock.scope };
      const { statusCode, body } = await request(mock.tokenEndpoint, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...own, ...changes }).toString(),
      });
      await body.dump();
      return statusCode;
    },
    exchange: (text) => opened.page.getByRole('option').filter({ hasText: text }),
    field: (name) => opened.page.locator('.field', { has: opened.page.locator('dt').getByText(name, { exact: true }) }).first(),
    clipboard: () => opened.page.evaluate(() => navigator.clipboard.readText()),
  };
}

// It stands still, so that every date on the page is known.
const NOW_MS = Date.UTC(2031, 4, 6, 7, 8, 9);
