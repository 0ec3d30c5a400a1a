/** The inspector in a real browser, against those who do not mean well: what a client sends is shown as it is and does nothing. */
import { expect, test } from 'vitest';
import { describeInspector } from './inspector-session.ts';

describeInspector('the inspector and what a hostile client sends', (session) => {
  const { ask, exchange, field } = session;

  test.each([
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    'javascript:alert(1)',
    '__proto__',
  ])('what a client sent is text: %s', async (hostile) => {
    await ask({ client_id: hostile, [hostile]: hostile });
    await exchange('refused').click();
    await session.page.getByRole('button', { name: 'Copy as curl' }).click();
    await session.page.getByText('Copied:').waitFor();
    expect(await field('client_id').locator('.value').textContent()).toBe(hostile);
    expect(await session.page.locator('main :is(img, script, svg, iframe)').count()).toBe(0);
  });

  test.each([390, 700, 1024, 2200])('what has no end is broken or shortened, at a width of %i pixels', async (width) => {
    await ask({ client_id: 'a'.repeat(2000), [`x${'y'.repeat(500)}`]: 'z'.repeat(20_000) });
    await exchange('refused').click();
    await session.page.setViewportSize({ width, height: 800 });
    const widths = await session.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.getElementById('detail')?.scrollWidth ?? 0,
      document.getElementById('detail')?.clientWidth ?? 0,
    ]);
    expect(widths[0]).toBeLessThanOrEqual(width);
    expect(widths[1]).toBeLessThanOrEqual(widths[2] ?? 0);
  });

  test.each([390, 700])('at a width of %i pixels the list stands above the exchange, and scrolls by itself', async (width) => {
    for (let sent = 0; sent < 12; sent += 1) await ask({ client_id: 'a'.repeat(2000) });
    await session.page.getByRole('option').nth(11).waitFor();
    await session.page.setViewportSize({ width, height: 800 });
    const boxes = await session.page.evaluate(() =>
      ['.list', '#exchanges', '#detail', '#steering-toggle', '#help-open'].map((place) => {
        const { left, right, top, bottom } = document.querySelector(place)?.getBoundingClientRect() ?? new DOMRect();
        return { left, right, top, bottom };
      }),
    );
    for (const { left, right, top, bottom } of boxes) {
      expect([left >= 0, right <= width, top >= 0, bottom <= 800]).toEqual([true, true, true, true]);
    }
    const [list, rows, detail] = boxes;
    expect((list?.bottom ?? 0) - (list?.top ?? 0)).toBeLessThanOrEqual(0.45 * 800);
    expect(rows?.bottom).toBeLessThanOrEqual(list?.bottom ?? 0);
    expect(detail?.top).toBe(list?.bottom);
    expect(await session.page.locator('#exchanges').evaluate((place) => place.scrollHeight > place.clientHeight)).toBe(true);
  });
});
