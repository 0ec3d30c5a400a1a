/** Many tenants from one source: which ones, each by itself, and never one for another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, sendJson, startLoopback } from '../loopback.ts';
import { entraSource, OTHER_TENANT, SCOPE, TENANT, tenantOf } from './entra-loopback.ts';

/** Gives each tenant tokens of its own. */
const sendTenant: Answer = (response, index, received) =>
  sendJson(response, { access_token: `${tenantOf(received)} ${index}`.replace(' ', '.'), token_type: 'Bearer', expires_in: 3600 });

describe('which tenants a call may name', () => {
  test.each([[undefined], [[]], [['contoso.com']]])('with tenants %j no other one, and nothing is sent', async (tenants) => {
    const loopback = await startLoopback(sendTenant);
    const { source } = entraSource(loopback, { tenants });
    await expect(source.getToken(SCOPE, { tenant: OTHER_TENANT })).rejects.toMatchObject({ code: 'tenant_not_allowed' });
    expect(loopback.received).toEqual([]);
  });

  test('ENT-02: none that stands for many, even where any is allowed', async () => {
    const loopback = await startLoopback(sendTenant);
    const { source } = entraSource(loopback, { tenants: 'any' });
    await expect(source.getToken(SCOPE, { tenant: 'common' })).rejects.toMatchObject({ code: 'invalid_tenant' });
    expect(loopback.received).toEqual([]);
  });

  test('its own, which is the same as naming none', async () => {
    const loopback = await startLoopback(sendTenant);
    const { source } = entraSource(loopback);
    const token = await source.getToken(SCOPE);
    expect(await source.getToken(SCOPE, { tenant: TENANT.toUpperCase() })).toBe(token);
    expect(loopback.received).toHaveLength(1);
  });

  test('of a server without tenants, none', async () => {
    const loopback = await startLoopback(sendTenant);
    const { source } = entraSource(loopback, { authority: (await import('../source.ts')).plainOptions(loopback.origin).authority });
    await expect(source.getToken('a', { tenant: 'contoso.com' })).rejects.toMatchObject({ code: 'invalid_configuration' });
  });
});

test('ENT-60: whatever is asked in whatever order, a token is of the tenant that was named', async () => {
  const loopback = await startLoopback(sendTenant);
  const { source } = entraSource(loopback, { tenants: 'any' });
  const tenants = ['a.example', 'b.example', 'c.example', 'B.example', TENANT];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...tenants), fc.constantFrom('api://a/.default', 'api://b/.default')), { maxLength: 40 }),
      async (calls) => {
        const tokens = await Promise.all(calls.map(([tenant, scope]) => source.getToken(scope, { tenant })));
        expect(tokens.map(({ value }) => value.replace(/\.\d+$/, ''))).toEqual(calls.map(([tenant]) => tenant.toLowerCase()));
      },
    ),
    { numRuns: 50 },
  );
  expect(loopback.received).toHaveLength(8);
});

test('two tenants that alternate are served from memory', async () => {
  const loopback = await startLoopback(sendTenant);
  const { source } = entraSource(loopback, { tenants: [OTHER_TENANT] });
  for (let call = 0; call < 100; call += 1) await source.getToken(SCOPE, { tenant: call % 2 === 0 ? OTHER_TENANT : undefined });
  expect(loopback.received).toHaveLength(2);
});

test('a tenant that refuses or throttles is no other one’s trouble', async () => {
  const loopback = await startLoopback((response, index, received) => {
    if (tenantOf(received) === OTHER_TENANT) sendJson(response, { error: 'temporarily_unavailable' }, 429, { 'retry-after': '600' });
    else sendTenant(response, index, received);
  });
  const { source } = entraSource(loopback, { tenants: 'any' });
  await expect(source.getToken(SCOPE, { tenant: OTHER_TENANT })).rejects.toMatchObject({ code: 'throttled' });
  await source.getToken(SCOPE);
  await source.getToken(SCOPE, { tenant: 'contoso.com' });
});

test('what is kept of a tenant can be looked at and forgotten by itself', async () => {
  const loopback = await startLoopback(sendTenant);
  const { source } = entraSource(loopback, { tenants: 'any' });
  await source.getToken(SCOPE);
  await source.getToken(SCOPE, { tenant: OTHER_TENANT });
  await source.forget({ tenant: OTHER_TENANT });
  expect([source.inspect(SCOPE, { tenant: OTHER_TENANT }), source.inspect(SCOPE)?.freshness]).toEqual([undefined, 'fresh']);
});

test('ENT-58, ENT-55: a tenant without the application is told from other refusals, with the page for its administrator', async () => {
  const loopback = await startLoopback((response) => sendJson(response, { error: 'unauthorized_client', error_codes: [700016] }, 400));
  const { source } = entraSource(loopback, { tenants: 'any' });
  await expect(source.getToken(SCOPE, { tenant: 'contoso.com' })).rejects.toMatchObject({
    name: 'OnboardingError',
    state: 'app_missing',
    error: 'unauthorized_client',
    consentUrl: `${loopback.origin}/contoso.com/adminconsent?client_id=me`,
  });
});
