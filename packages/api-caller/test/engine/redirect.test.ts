/** Redirects are followed for what changes nothing, and carry a token only where it was declared to go. BR-04. */
import { describe, expect, test } from 'vitest';
import { callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

const redirecting = (location: string | ((index: number) => string), status = 302) =>
  startApi((response, index) => response.writeHead(status, { location: typeof location === 'string' ? location : location(index) }).end());

describe('within the origin', () => {
  test.for([301, 302, 303, 307, 308])('a %i of a GET is followed with the token and all headers', async (status) => {
    const api = await startApi((response, index) =>
      index === 0 ? response.writeHead(status, { location: '/v1.0/new?a=1#part' }).end() : sendJson(response, { ok: true }),
    );
    expect(await callerOf(api, { headers: { 'x-api-key': 'k' } }).getJson('old')).toEqual({ ok: true });
    expect(api.received[1]).toMatchObject({ path: '/v1.0/new?a=1', headers: { authorization: 'Bearer token-1', 'x-api-key': 'k' } });
  });

  test.for(['POST', 'PUT', 'PATCH', 'DELETE'])('one of a %s is not followed', async (method) => {
    const api = await redirecting('/v1.0/new', 307);
    expect(await rejectionOf(callerOf(api).getJson('old', { method }))).toMatchObject({ code: 'redirect_refused' });
    expect(api.received).toHaveLength(1);
  });

  test('no more than five are', async () => {
    const api = await redirecting((index) => `/v1.0/${index}`);
    expect(await rejectionOf(callerOf(api).getJson('x'))).toMatchObject({ code: 'redirect_refused' });
    expect(api.received).toHaveLength(6);
  });

  test('a call whose answer is a redirect has used no attempt of its repetitions', async () => {
    const api = await startApi((response, index) => {
      if (index === 0) response.writeHead(302, { location: '/v1.0/new' }).end();
      else if (index < 3) response.writeHead(503).end();
      else sendJson(response, { ok: true });
    });
    expect(await callerOf(api).getJson('x')).toEqual({ ok: true });
  });
});

test('BR-04: to another origin that was declared the token goes, and no header that may hold credentials', async () => {
  const other = await startApi((response) => sendJson(response, { ok: true }));
  const api = await redirecting(`${other.origin}/x`);
  const caller = callerOf(api, { origins: [api.origin, other.origin], headers: { 'x-api-key': 'MARKER', 'accept-language': 'de' } });
  expect(await caller.getJson('x', { headers: { 'X-Secret': 'MARKER' } })).toEqual({ ok: true });
  expect(other.received[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', 'accept-language': 'de' });
  expect(JSON.stringify(other.received)).not.toContain('MARKER');
});

describe('BR-04: to an origin that was not declared nothing goes', () => {
  test.for([301, 302, 303, 307, 308])('after a %i', async (status) => {
    const other = await startApi((response) => sendJson(response, {}));
    const api = await redirecting(`${other.origin}/x`, status);
    expect(await rejectionOf(callerOf(api).getJson('x'))).toMatchObject({ code: 'redirect_refused', transient: false });
    const response = await callerOf(api).request('x');
    await response.body.dump();
    expect([response.statusCode, other.received]).toEqual([status, []]);
  });

  test.for(['//evil.test/x', 'https://evil.test\\@api.example/', 'javascript:alert(1)', 'http://user:pass@127.0.0.1/', '', 'http://'])(
    'nor to %j',
    async (location) => {
      const api = await redirecting(location);
      const response = await callerOf(api).request('x');
      await response.body.dump();
      expect([response.statusCode, api.received.length]).toEqual([302, 1]);
    },
  );
});

describe('a pre-authenticated URL', () => {
  test('gets no token and none of the caller’s headers, and may be anywhere', async () => {
    const other = await startApi((response) => sendJson(response, { ok: true }));
    const api = await startApi((response) => sendJson(response, {}));
    const caller = callerOf(api, { headers: { 'x-api-key': 'MARKER' } });
    expect(await caller.getJson(`${other.origin}/x?sig=1`, { authorize: false, headers: { Range: 'bytes=0-1' } })).toEqual({ ok: true });
    expect(other.received[0]).toMatchObject({ path: '/x?sig=1', headers: { range: 'bytes=0-1' } });
    expect(JSON.stringify(other.received)).not.toMatch(/MARKER|authorization|token-1/);
  });

  test('with a header that may hold credentials is refused, and nobody is asked for a token', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    let asked = 0;
    const tokens = async () => {
      asked += 1;
      return 't';
    };
    const call = callerOf(api, { tokens }).getJson(`${api.origin}/x`, { authorize: false, headers: { 'x-api-key': 'k' } });
    expect(await rejectionOf(call)).toMatchObject({ code: 'reserved_header' });
    await callerOf(api, { tokens }).getJson(`${api.origin}/x`, { authorize: false });
    expect(asked).toBe(0);
  });

  test.for(['http://example.com/x?sig=1', 'ftp://example.com/x', 'https://user:secret@example.com/x'])(
    'that is %s is refused',
    async (url) => {
      const api = await startApi((response) => sendJson(response, {}));
      expect(await rejectionOf(callerOf(api).getJson(url, { authorize: false }))).toMatchObject({ code: 'egress_refused' });
    },
  );

  test('that answers 401 leads to no token', async () => {
    const api = await startApi((response) => sendJson(response, {}, 401));
    expect(await rejectionOf(callerOf(api).getJson(`${api.origin}/x`, { authorize: false }))).toMatchObject({ status: 401 });
    expect(api.received).toHaveLength(1);
  });
});
