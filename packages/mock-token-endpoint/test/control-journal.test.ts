/** The journal by HTTP: its filters, its pages, and the wait for what has not happened yet. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText } from './raw.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'control', journalEntries: 5 });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const control = (path: string, method = 'GET') =>
  harness.send(`${harness.mock.controlUrl}${path}`, { method, headers: { authorization: `Bearer ${harness.mock.controlToken}` } });
const ids = async (query: string): Promise<number[]> =>
  (await control(`journal?${query}`)).json.entries.map(({ id }: { id: number }) => id);
const visit = (path: string) => harness.send(`${harness.mock.authorityHost}${path}`);
const ask = (tenant: string, secret = harness.mock.clientSecret) =>
  harness.post({ ...harness.secretFields(), client_secret: secret }, { url: `${harness.mock.authorityHost}/${tenant}/oauth2/v2.0/token` });

describe('what is kept', () => {
  test('is what the handle has, entry by entry', async () => {
    await ask('a.example');
    await visit('/nowhere?a=b');
    const { entries, lastId } = (await control('journal')).json;
    expect([lastId, entries]).toEqual([2, JSON.parse(JSON.stringify(harness.mock.journal))]);
    expect((await control('journal/2')).json).toEqual(entries[1]);
  });

  test('is filtered by tenant, client, path, method, status, error and failed checks', async () => {
    await ask('a.example');
    await ask('b.example', 'wrong');
    await visit('/nowhere?a=b');
    harness.mock.enqueue({ fault: 'reset-before-headers' });
    await ask('b.example').catch(() => undefined);
    expect(await ids('tenant=A.EXAMPLE')).toEqual([1]);
    expect(await ids(`clientId=${harness.mock.clientId.toUpperCase()}`)).toEqual([1, 2, 4]);
    expect(await ids('path=where%3Fa')).toEqual([3]);
    expect(await ids('method=post')).toEqual([1, 2, 4]);
    expect(await ids('status=401')).toEqual([2]);
    expect(await ids('status=0')).toEqual([4]);
    expect(await ids('error=invalid_client')).toEqual([2]);
    expect(await ids('failed=true')).toEqual([2]);
    expect(await ids('tenant=b.example&method=POST&status=401')).toEqual([2]);
    expect(await ids('tenant=b.example&status=200')).toEqual([]);
  });

  test('comes in pages, oldest first, and says where to go on', async () => {
    for (const path of ['/1', '/2', '/3', '/4', '/5', '/6']) await visit(path);
    const first = (await control('journal?limit=2')).json;
    expect([first.lastId, first.entries.map(({ path }: { path: string }) => path)]).toEqual([3, ['/2', '/3']]);
    expect(await ids(`limit=2&after=${first.lastId}`)).toEqual([4, 5]);
    expect((await control('journal?limit=2&after=5')).json).toMatchObject({ lastId: 6, entries: [{ id: 6 }] });
    expect((await control('journal?after=6')).json).toMatchObject({ lastId: 6, entries: [] });
    expect((await control('journal?path=nowhere')).json).toMatchObject({ lastId: 6, entries: [] });
    expect((await control('journal/1')).status).toBe(404);
  });

  test('is dropped by the same filters, and ids go on counting', async () => {
    for (const tenant of ['a.example', 'b.example', 'a.example']) await ask(tenant);
    expect((await control('journal?tenant=a.example', 'DELETE')).status).toBe(204);
    expect(await ids('')).toEqual([2]);
    await control('journal', 'DELETE');
    await visit('/');
    expect(await ids('')).toEqual([4]);
  });
});

describe('a wait', () => {
  /** Sends the question on a socket of its own, and resolves when the mock has it: a later request is answered after it. */
  const wait = async (query: string) => {
    const { controlUrl, controlToken, platformUrl } = harness.mock;
    const headers = { authorization: `Bearer ${controlToken}`, connection: 'close' };
    const wire = openWire(platformUrl, requestText('GET', `${controlUrl}journal?${query}`, { headers }));
    await control('clock');
    return wire;
  };
  const answerOf = (text: string) => JSON.parse(text.split('\r\n\r\n')[1] ?? '');

  test('ends with what comes and matches, not with anything else', async () => {
    const wire = await wait('waitMs=25000&tenant=a.example');
    await visit('/nowhere');
    await ask('b.example');
    await control('journal?path=nowhere', 'DELETE');
    await ask('a.example');
    await wire.ended;
    expect(answerOf(wire.received())).toMatchObject({ lastId: 3, entries: [{ id: 3, tenant: 'a.example' }] });
  });

  test('ends empty when its time is over', async () => {
    expect((await control('journal?waitMs=1')).json).toMatchObject({ entries: [], lastId: 0 });
  });

  test('is none when there is something already', async () => {
    await visit('/nowhere');
    expect(await ids('waitMs=25000')).toEqual([1]);
  });

  test('ends when the journal begins anew, with an id smaller than the one asked after', async () => {
    await visit('/1');
    await visit('/2');
    const wire = await wait('waitMs=25000&after=2');
    harness.mock.reset();
    await wire.ended;
    expect(answerOf(wire.received())).toMatchObject({ entries: [], lastId: 0 });
    await visit('/3');
    expect((await control('journal?waitMs=25000&after=2')).json).toMatchObject({ lastId: 1, entries: [{ id: 1, path: '/3' }] });
  });

  test('ends when the client leaves, and the mock goes on', async () => {
    const wire = await wait('waitMs=25000');
    wire.socket.destroy();
    await visit('/nowhere');
    expect(await ids('')).toEqual([1]);
  });

  test('ends when the mock closes', async () => {
    const other = await startHarness({ seed: 'control' });
    const { controlUrl, controlToken, platformUrl } = other.mock;
    const headers = { authorization: `Bearer ${controlToken}` };
    const wire = openWire(platformUrl, requestText('GET', `${controlUrl}journal?waitMs=25000`, { headers }));
    await other.send(`${controlUrl}clock`, { headers });
    await other.close();
    expect([await wire.ended, wire.received()]).toEqual([expect.any(String), '']);
  });
});
