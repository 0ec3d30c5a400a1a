/** The inspector's panel in a real browser: faults, codes and the clock, and then everything with the keyboard alone. */
import { expect, test } from 'vitest';
import { describeInspector } from './inspector-session.ts';

describeInspector('the inspector steers the mock', (session) => {
  const { ask, exchange, field } = session;
  const focused = () => session.page.locator(':focus');

  test('a fault is set for the next token request, or for every request until it is switched off', async () => {
    await session.page.getByRole('button', { name: 'Next: html-502' }).click();
    await session.page.locator('#scripted').getByText('fault html-502').waitFor();
    expect([await ask(), await ask()]).toEqual([502, 200]);
    await exchange('scripted: fault html-502').click();
    await session.page.getByText('Scripted: fault html-502.').waitFor();

    const every = session.page.getByRole('button', { name: 'Every: empty-403' });
    await every.click();
    await session.page.getByText('every request', { exact: true }).waitFor();
    expect([await ask(), await ask()]).toEqual([403, 403]);
    await every.click();
    await session.page.getByText('Nothing: every answer is honest.').waitFor();
    expect(await ask()).toBe(200);
  });

  test('any AADSTS code can be scripted', async () => {
    await session.page.getByLabel('AADSTS', { exact: true }).fill('700016');
    await session.page.getByText('400 unauthorized_client').waitFor();
    await session.page.locator('#aadsts-form').getByRole('button', { name: 'Next' }).click();
    await session.page.locator('#scripted').getByText('AADSTS700016').waitFor();
    expect(await ask()).toBe(400);
  });

  test('a code that is refused every request with shows so, and no other does', async () => {
    const [code, every] = [session.page.getByLabel('AADSTS', { exact: true }), session.page.locator('#aadsts-every')];
    await code.fill('700016');
    await every.click();
    await expect.poll(() => every.getAttribute('aria-pressed')).toBe('true');
    await code.fill('7000215');
    expect(await every.getAttribute('aria-pressed')).toBe('false');
    await code.fill('700016');
    expect(await every.getAttribute('aria-pressed')).toBe('true');
    await every.click();
    await expect.poll(() => every.getAttribute('aria-pressed')).toBe('false');
  });

  test('what test code does to the mock shows without a request', async () => {
    session.mock.advanceClock(3_600_000);
    session.mock.enqueue({ fault: 'html-502' });
    await session.page.locator('#clock-ahead').getByText('1 h ahead').waitFor();
    await session.page.locator('#clock-now').getByText('2031-05-06 08:08:09 UTC').waitFor();
    await session.page.locator('#scripted').getByText('fault html-502').waitFor();
    expect(session.mock.journal).toEqual([]);
  });

  test('a rule that test code adds leaves the focus where it is', async () => {
    await session.page.getByRole('button', { name: 'Every: empty-403' }).click();
    const remove = session.page.getByRole('button', { name: 'Remove fault empty-403' });
    await remove.focus();
    session.mock.enqueue({ aadsts: 700016 });
    await session.page.locator('#scripted').getByText('AADSTS700016').waitFor();
    expect(await focused().getAttribute('aria-label')).toBe('Remove fault empty-403');
    await session.page.keyboard.press('Enter');
    await remove.waitFor({ state: 'detached' });
    expect(await focused().getAttribute('id')).toBe('steering');
  });

  test('nothing is drawn again while nothing changes, and it is asked for every two seconds at most', async () => {
    session.mock.enqueue({ fault: 'html-502' });
    await session.page.locator('#scripted').getByText('fault html-502').waitFor();
    await session.page.evaluate(() => {
      new MutationObserver(() => document.body.setAttribute('data-drawn', '')).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    const askedAtMs: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      const answer = await session.page.waitForResponse('**/__control/queue');
      await answer.finished();
      askedAtMs.push(answer.request().timing().startTime);
    }
    expect((askedAtMs[2] ?? 0) - (askedAtMs[0] ?? 0)).toBeGreaterThanOrEqual(3990);
    expect(await session.page.locator('[data-drawn]').count()).toBe(0);
  });

  test('a page that nobody sees asks for nothing but what arrives', async () => {
    const { page } = session;
    const show = (value: string) =>
      page.evaluate((to) => Object.defineProperty(document, 'visibilityState', { value: to, configurable: true }), value);
    await page.clock.install();
    await page.reload();
    await page.getByText('Nothing: every answer is honest.').waitFor();
    await show('hidden');
    let times = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/queue')) times += 1;
    });
    await page.clock.runFor(10_000);
    expect(times).toBe(0);
    await show('visible');
    const asked = page.waitForRequest('**/__control/queue');
    await page.clock.runFor(2000);
    await asked;
  });

  test('the clock is advanced and turned back, and a reset forgets everything', async () => {
    const ahead = session.page.locator('#clock-ahead');
    await session.page.getByRole('button', { name: '+ 1 h' }).click();
    await ahead.getByText('1 h ahead').waitFor();
    await session.page.getByLabel('Seconds').fill('90');
    await session.page.getByRole('button', { name: 'Advance' }).click();
    await ahead.getByText('1 h 1 min ahead').waitFor();
    await session.page.getByRole('button', { name: 'Back to the start' }).click();
    await ahead.waitFor({ state: 'hidden' });

    await ask();
    await exchange('200 ok').waitFor();
    await session.page.getByRole('button', { name: 'Reset the mock' }).click();
    await session.page.getByText('Nothing has been asked yet.').waitFor();
    await ask({ client_id: 'after the reset' });
    await exchange('the client is registered in the tenant').waitFor();
  });

  test('everything can be done with the keyboard alone', async () => {
    await ask();
    await ask({ client_secret: 'wrong' });
    await session.page.getByRole('option').nth(1).waitFor();
    await session.page.keyboard.press('?');
    await session.page.getByRole('dialog').getByText('Back to the list').waitFor();
    await session.page.keyboard.press('Escape');

    await session.page.keyboard.press('j');
    expect(await focused().textContent()).toContain('401 refused');
    await session.page.keyboard.press('ArrowDown');
    expect(await focused().textContent()).toContain('200 ok');
    await session.page.keyboard.press('k');
    await session.page.keyboard.press('Enter');
    expect(await focused().getAttribute('id')).toBe('detail');
    await tabTo('Reveal client_secret');
    await session.page.keyboard.press('Space');
    expect(await field('client_secret').textContent()).toContain('wrong');
    await session.page.keyboard.press('Escape');
    expect(await focused().getAttribute('role')).toBe('option');

    await session.page.keyboard.press('/');
    await session.page.keyboard.type('registered');
    await session.page.getByText('1 of 2').waitFor();
    await session.page.keyboard.press('Escape');
    await session.page.keyboard.press('s');
    await session.page.keyboard.press('s');
    expect(await focused().getAttribute('id')).toBe('steering');
    await tabTo('+ 5 min');
    await session.page.keyboard.press('Enter');
    await session.page.getByText('5 min ahead').waitFor();
  });

  /** Presses Tab until the button with that name has the focus. */
  async function tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < 100; presses += 1) {
      await session.page.keyboard.press('Tab');
      const found = await focused().evaluate((element) => element.getAttribute('aria-label') ?? element.textContent);
      if (found === name) return;
    }
    throw new Error(`Tab does not lead to "${name}"`);
  }
});
