/** A page of the inspector in Chromium, and everything that must not happen in it: errors, dialogs, requests to other origins. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Chromium is, or `undefined`: where `CHROMIUM` says, or else where systems put it. */
export function findChromium(): string | undefined {
  const { CHROMIUM } = process.env;
  const places = CHROMIUM ? [CHROMIUM] : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.find((place) => existsSync(place));
}

export function launchChromium(executablePath: string): Promise<Browser> {
  // In a container its own sandbox has no user namespaces to work with; what it opens here is the mock's page alone.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface OpenPage {
  readonly page: Page;
  /** What went wrong so far, in words. An honest run has none. */
  readonly faults: readonly string[];
}

/** Opens `url` in a context of its own, as another person would. */
export async function openPage(browser: Browser, { url }: { url: string }): Promise<OpenPage> {
  const { origin } = new URL(url);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  await page.goto(url);
  return { page, faults };
}
