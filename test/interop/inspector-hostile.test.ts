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

  test.each([700, 1024, 2200])('what has no end is broken or shortened, at a width of %i pixels', async (width) => {
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
});
