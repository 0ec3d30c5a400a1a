/** The inspector as a person sees it, in a real browser: what arrives, what it means, what failed, and what stays hidden. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openPage } from './inspector-browser.ts';
import { describeInspector } from './inspector-session.ts';

describeInspector('the inspector shows what the mock does', (session) => {
  const { ask, exchange, field, clipboard } = session;

  test('an exchange arrives by itself, and a click shows every part of it in words', async () => {
    await session.page.getByText('Nothing has been asked yet.').waitFor();
    await ask();
    await exchange('200 ok').click();
    await session.page.getByText(/^Sound: all \d+ checks passed\.$/).waitFor();
    expect(await field('grant_type').textContent()).toMatch(/client_credentialsWhich grant is asked for/);
    expect(await field('expires_in').textContent()).toMatch(/3600Seconds until the token ends/);
    expect(await field('tid').textContent()).toContain(session.mock.tenantId);
    expect(await field('exp').textContent()).toContain('2031-05-06 08:08:09 UTC, 1 h after the exchange');
  });

  test('a failed check is shown in words, with the section it stands in', async () => {
    await ask({ client_secret: 'wrong' });
    await exchange('failed: the secret is registered for the client').click();
    await session.page.getByText('Check failed: the secret is registered for the client.').waitFor();
    await session.page.getByText('AADSTS7000215: Invalid client secret provided.').first().waitFor();
    await session.page.getByText(/^What the server checked, in order: \d+ passed, the last failed$/).click();
    const failed = session.page.locator('[data-passed=false]');
    expect(await failed.textContent()).toBe('✗failedthe secret is registered for the clientRFC 6749 §2.3.1');
    expect(await failed.getByRole('link').getAttribute('href')).toBe('https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1');
  });

  test('a check that a scripted answer made irrelevant is no failure, and is still named', async () => {
    session.mock.enqueue({ body: { access_token: 'scripted' } });
    expect(await ask({ client_secret: 'wrong' })).toBe(200);
    await exchange('200 ok').click();
    const said = session.page.getByText('Without the script a check would have failed: the secret is registered for the client.');
    await said.waitFor();
    expect(await session.page.locator('.banner').evaluateAll(outcomes)).toEqual(['scripted', 'scripted']);
    expect(await session.page.getByText('Check failed').count()).toBe(0);
  });

  test('a check that failed under a script that kept the refusal has failed', async () => {
    session.mock.enqueue({ headers: { 'x-scripted': 'yes' } });
    session.mock.enqueue({ fault: 'slow-body', delayMs: 1 });
    expect([await ask({ client_secret: 'wrong' }), await ask({ client_secret: 'wrong' })]).toEqual([401, 401]);
    for (const what of ['the honest answer with x-scripted', 'fault slow-body']) {
      await exchange(`scripted: ${what}`).click();
      await session.page.locator('#detail').getByText(`Scripted: ${what}`).waitFor();
      await session.page.getByText('Check failed: the secret is registered for the client.').waitFor();
      expect(await session.page.locator('.banner').evaluateAll(outcomes)).toEqual(['scripted', 'refused']);
    }
  });

  test('a row says in full what it has no room for, and its mark is not read out', async () => {
    await ask({ client_secret: 'wrong' });
    const how = exchange('401 refused').locator('.how');
    expect(await how.getAttribute('title')).toBe('failed: the secret is registered for the client');
    expect(await how.locator('[aria-hidden=true]').textContent()).toBe('✗');
  });

  test('while there is no exchange the page says how to make one, in a command that works as it is', async () => {
    const heading = session.page.locator('#detail').getByRole('heading', { level: 2 });
    expect(await heading.textContent()).toBe('Send the first request');
    await session.page.getByRole('button', { name: 'Copy Token endpoint' }).click();
    await expect.poll(clipboard).toBe(session.mock.tokenEndpoint);
    await session.page.getByRole('button', { name: 'Copy the curl command' }).click();
    await expect.poll(clipboard).toMatch(/^curl [^\n]*"client_secret=\$CLIENT_SECRET"/);
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: session.mock.caFile, CLIENT_SECRET: session.mock.clientSecret };
    const { stdout } = await run('sh', ['-c', await clipboard()], { env });
    expect(JSON.parse(stdout)).toMatchObject({ token_type: 'Bearer' });
    await exchange('200 ok').waitFor();
    expect(await heading.textContent()).toBe('Choose an exchange');
    session.mock.reset();
    await session.page.getByText('Send the first request').waitFor();
  });

  test('an assertion is decoded, and each of its members explained', async () => {
    const assertion = [{ alg: 'none' }, { iss: session.mock.clientId, exp: 1_900_000_000 }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    await ask({
      client_secret: '',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${assertion.join('.')}.`,
    });
    await exchange('refused').click();
    expect(await field('alg').textContent()).toMatch(/noneHow it is signed/);
    expect(await field('exp').textContent()).toContain('2030-03-17 17:46:40 UTC');
  });

  test('a secret is masked until its own button reveals it, on the page and in what is copied', async () => {
    await ask();
    await exchange('200 ok').click();
    expect(await session.page.content()).not.toContain(session.mock.clientSecret);
    await session.page.getByRole('button', { name: 'Copy as curl' }).click();
    await expect.poll(clipboard).toContain("--data-raw 'client_secret=••••••••'");

    await session.page.getByRole('button', { name: 'Reveal client_secret' }).click();
    expect(await field('client_secret').textContent()).toContain(session.mock.clientSecret);
    await session.page.getByRole('button', { name: 'Copy as curl' }).click();
    await expect.poll(clipboard).toContain(`client_secret=${new URLSearchParams([['', session.mock.clientSecret]]).toString().slice(1)}`);
    const { stdout } = await run('sh', ['-c', await clipboard()], { env: { ...process.env, NODE_EXTRA_CA_CERTS: session.mock.caFile } });
    expect(stdout).toMatch(/^HTTP\/1\.1 200 .*"access_token":/s);

    await session.page.getByRole('button', { name: 'Reveal client_secret' }).click();
    expect(await field('client_secret').textContent()).not.toContain(session.mock.clientSecret);
  });

  test('the list is filtered by what failed and by text', async () => {
    await ask();
    await ask({ scope: 'user.read' });
    await session.page.getByRole('option').nth(1).waitFor();
    await session.page.getByLabel('Failed only').check();
    await session.page.getByText('1 of 2').waitFor();
    await session.page.getByLabel('Failed only').uncheck();
    await session.page.getByLabel('Show exchanges that contain').fill('INVALID_scope');
    await exchange('the scope ends in /.default').waitFor();
    await session.page.getByLabel('Show exchanges that contain').fill('nothing like it');
    await session.page.getByText('No exchange is like that.').waitFor();
  });

  test('a reset is noticed, even one that as many new exchanges have followed at once', async () => {
    await ask();
    await exchange('200 ok').waitFor();
    session.mock.reset();
    await ask({ scope: 'user.read' });
    await exchange('the scope ends in /.default').waitFor();
    expect(await session.page.getByRole('option').count()).toBe(1);
  });

  test('the newest 500 exchanges are kept', async () => {
    for (let sent = 0; sent < 510; sent += 10) await Promise.all(Array.from({ length: 10 }, () => ask({ scope: 'user.read' })));
    await ask();
    await exchange('200 ok').waitFor();
    await session.page.getByText('500', { exact: true }).waitFor();
    expect(await session.page.getByRole('option').count()).toBe(500);
  });

  test('while the mock does not answer the page says so, and then goes on', async () => {
    const { page } = await openPage(session.browser, { url: session.mock.inspectorUrl });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.route('**/__control/**', (route) => route.abort());
    await ask();
    await page.getByText('No answer, trying again').waitFor();
    await page.unroute('**/__control/**');
    await page.getByText('Live', { exact: true }).waitFor();
    await ask({ scope: 'user.read' });
    await page.getByRole('option').filter({ hasText: 'the scope ends in /.default' }).waitFor();
    await page.context().close();
  });

  test('the token is taken out of the address, and kept for a reload of the tab only', async () => {
    expect(session.page.url()).toBe(session.mock.inspectorUrl.split('#')[0]);
    await session.page.reload();
    await session.page.getByText('Live', { exact: true }).waitFor();
    expect(await session.page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);
  });

  test('without a control token, or with a wrong one, the page says where to get it', async () => {
    const url = session.mock.inspectorUrl.split('#')[0] ?? '';
    const bare = await openPage(session.browser, { url });
    expect(await bare.page.getByRole('alert').textContent()).toContain('There is no control token. Open the inspector URL');
    expect(bare.faults).toEqual([]);
    await bare.page.goto(`${url}#token=wrong`);
    await bare.page.getByText('The control token was refused').waitFor();
    await bare.page.goto(session.mock.inspectorUrl);
    await bare.page.getByText('Live', { exact: true }).waitFor();
    await bare.page.context().close();
  });

  test('it is light or dark as the system is', async () => {
    const background = () => session.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await background()).toBe('rgb(243, 244, 247)');
    await session.page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(18, 20, 24)');
  });
});

const run = promisify(execFile);
const outcomes = (banners: readonly (HTMLElement | SVGElement)[]) => banners.map(({ dataset }) => dataset['outcome']);
