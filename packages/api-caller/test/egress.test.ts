import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEgress, resolveTarget } from '../src/egress.ts';
import { ApiCallerError } from '../src/index.ts';
import { Target } from '../src/target.ts';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

const graph = readEgress({ baseUrl: 'https://graph.example/v1.0/', origins: undefined, allowHttpLoopback: false });

describe('a reference that names a declared origin resolves', () => {
  test.each([
    ['users', 'https://graph.example/v1.0/users'],
    ['/users', 'https://graph.example/v1.0/users'],
    ['', 'https://graph.example/v1.0/'],
    ['?$top=1', 'https://graph.example/v1.0/?$top=1'],
    ["users?$filter=startsWith(displayName,'A')", 'https://graph.example/v1.0/users?$filter=startsWith(displayName,%27A%27)'],
    ['me/drive/root:/a b.txt:/content', 'https://graph.example/v1.0/me/drive/root:/a%20b.txt:/content'],
    ['/projects:search', 'https://graph.example/v1.0/projects:search'],
    ['users/a%2Fb%5Cc', 'https://graph.example/v1.0/users/a%2Fb%5Cc'],
    ['users/a..b/...', 'https://graph.example/v1.0/users/a..b/...'],
    ['users?next=../../x', 'https://graph.example/v1.0/users?next=../../x'],
    ['https://graph.example/beta/users?$skiptoken=A%2Bb+c%20', 'https://graph.example/beta/users?$skiptoken=A%2Bb+c%20'],
    ['HTTPS://GRAPH.EXAMPLE:443/beta', 'https://graph.example/beta'],
  ])('%j', (reference, expected) => {
    expect(resolveTarget(graph, reference).url.href).toBe(expected);
  });

  test('with a base path that has no trailing slash, or with no base path', () => {
    const bare = readEgress({ baseUrl: 'https://graph.example', origins: undefined, allowHttpLoopback: false });
    const path = readEgress({ baseUrl: 'https://graph.example/v1.0', origins: undefined, allowHttpLoopback: false });
    expect(resolveTarget(bare, '/users').url.href).toBe('https://graph.example/users');
    expect(resolveTarget(path, '/users').url.href).toBe('https://graph.example/v1.0/users');
  });

  test('a link found in an answer is resolved against the URL of that answer', () => {
    const page = Target.of(new URL('https://graph.example/v1.0/users?page=1'));
    expect(resolveTarget(graph, 'users?page=2', page).url.href).toBe('https://graph.example/v1.0/users?page=2');
    expect(resolveTarget(graph, '?page=2', page).url.href).toBe('https://graph.example/v1.0/users?page=2');
    expect(resolveTarget(graph, '/v1.0/users?page=2', page).url.href).toBe('https://graph.example/v1.0/users?page=2');
  });
});

/** Each would send the token somewhere else, or somewhere its writer did not mean. */
const HOSTILE = [
  'https://evil.test/users',
  'https://graph.example.evil.test/users',
  'https://evilgraph.example/users',
  'https://graph.example@evil.test/users',
  'https://graph.example:443@evil.test/users',
  'https://user:password@graph.example/users',
  'https://graph.example:8443/users',
  'https://graph.example./users',
  'https://gr\u0430ph.example/users',
  'https://[::1]/users',
  'http://graph.example/users',
  'http:graph.example/users',
  'ftp://graph.example/users',
  'blob:https://graph.example/4c5d9e3a',
  'javascript:alert(1)',
  'data:text/plain,users',
  'projects:search',
  '//evil.test/users',
  '///evil.test/users',
  '/\\evil.test/users',
  '\\\\evil.test\\users',
  'https:\\\\evil.test/users',
  'users\\..\\..\\admin',
  '/\t/evil.test/users',
  'ht\ntps://evil.test/users',
  'users\r\nHost: evil.test',
  'users\u0000',
  'users\u0085',
  ' https://evil.test/users',
  'users ',
  '\u00a0users',
  '..',
  '../beta/users',
  'users/../../beta',
  'users/./x',
  'users/%2e%2e/%2E%2E/beta',
  'users/.%2e',
  'https://graph.example/v1.0/../../admin',
  'users/ada_lovelace#EXT#@contoso.example',
];

describe('a reference that does not is refused', () => {
  test.each(HOSTILE)('%j', (reference) => {
    expect(() => resolveTarget(graph, reference)).toThrow(expect.objectContaining({ code: 'egress_refused', transient: false }));
    expect(() => resolveTarget(graph, reference, Target.of(new URL('https://graph.example/v1.0/users')))).toThrow(ApiCallerError);
  });

  test('and nothing arrives, neither at the API nor at the provider of tokens', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    const foreign = await startApi((response) => sendJson(response, {}));
    let asked = 0;
    const caller = callerOf(api, {
      tokens: async () => {
        asked += 1;
        return 'token-1';
      },
    });
    const references = [
      ...HOSTILE,
      `${foreign.origin}/users`,
      foreign.origin.replace('127.0.0.1', 'localhost'),
      api.origin.replace('http:', 'https:'),
    ];
    for (const reference of references) {
      expect(await rejectionOf(caller.request(reference)), reference).toMatchObject({ code: 'egress_refused' });
      expect(await rejectionOf(caller.getJson(reference)), reference).toMatchObject({ code: 'egress_refused' });
    }
    expect([api.received, foreign.received, asked]).toEqual([[], [], 0]);
  });

  test('with a message that shows where it would have gone, but no query and no user info', () => {
    expect(() => resolveTarget(graph, 'https://evil.test/users?sig=SECRET')).toThrow(
      'Nothing is sent: "https://evil.test" is not a declared origin (https://graph.example); add it to `origins` if this token may go there',
    );
    expect(() => resolveTarget(graph, 'https://user:SECRET@graph.example\\?sig=SECRET')).toThrow(expect.not.stringContaining('SECRET'));
    expect(() => resolveTarget(graph, 'https://user:SECRET@graph.example')).toThrow(expect.not.stringContaining('SECRET'));
  });
});

test('whatever the reference, the target is declared and below the base path, or our error is thrown', () => {
  const part = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    ':',
    '@',
    '?',
    '#',
    '//',
    'https:',
    'http:',
    'blob:',
    'graph.example',
    'evil.test',
    'users',
    ' ',
    '\t',
    'é',
  );
  const reference = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
    fc.webUrl(),
  );
  fc.assert(
    fc.property(reference, (text) => {
      try {
        const { url } = resolveTarget(graph, text);
        expect([url.protocol, url.host, url.username, url.password, url.hash]).toEqual(['https:', 'graph.example', '', '', '']);
        if (!/^https:/i.test(text)) expect(url.pathname).toMatch(/^\/v1\.0\//);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ApiCallerError', code: 'egress_refused' });
      }
    }),
    { numRuns: 5000 },
  );
});

test('what is sent for a path is what a URL parser makes of it, and so is the URL in messages', () => {
  const unit = fc.constantFrom(...'ab9_-.~!$&()*+,;=@:/?%\' "[]{}|^`é'.split(''), '%2e', '%2F', '//', '/../', 'https:');
  let sent = 0;
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (path) => {
      let target: Target;
      try {
        target = resolveTarget(graph, path);
      } catch {
        return;
      }
      sent += 1;
      const parsed = new URL(`https://graph.example/v1.0/${path.replace(/^\//, '')}`);
      expect([target.origin, target.path, target.url.href]).toEqual([
        'https://graph.example',
        parsed.pathname + parsed.search,
        `https://graph.example${parsed.pathname}${parsed.search}`,
      ]);
    }),
    { numRuns: 5000 },
  );
  expect(sent).toBeGreaterThan(1000);
});

test('a long path is looked through once', () => {
  const path = `${'a'.repeat(50_000)}/${'.b'.repeat(50_000)}`;
  expect(() => resolveTarget(graph, `${path} `)).toThrow(ApiCallerError);
  expect(resolveTarget(graph, path).path).toHaveLength('/v1.0/'.length + path.length);
});

describe('what is declared', () => {
  test('is the whole list: the origin of the base is not added to it', () => {
    const egress = readEgress({
      baseUrl: 'https://graph.example/v1.0',
      origins: ['https://download.example', 'HTTPS://B.EXAMPLE:443/'],
      allowHttpLoopback: false,
    });
    expect(resolveTarget(egress, 'https://download.example/x').url.href).toBe('https://download.example/x');
    expect(resolveTarget(egress, 'https://b.example/x').url.href).toBe('https://b.example/x');
    expect(() => resolveTarget(egress, 'users')).toThrow(
      '"https://graph.example" is not a declared origin (https://download.example, https://b.example)',
    );
    const nothing = readEgress({ baseUrl: 'https://graph.example', origins: [], allowHttpLoopback: false });
    expect(() => resolveTarget(nothing, 'users')).toThrow('"https://graph.example" is not a declared origin (none is)');
  });

  test.each([
    ['baseUrl', 'graph.example'],
    ['baseUrl', ''],
    ['baseUrl', 'https://user@graph.example'],
    ['baseUrl', 'https://graph.example/?tenant=1'],
    ['baseUrl', 'https://graph.example/#x'],
    ['baseUrl', 'https:\\\\graph.example'],
    ['baseUrl', 'http://graph.example'],
    ['baseUrl', 'http://127.0.0.1:8080'],
    ['baseUrl', 'ftp://graph.example'],
    ['origins', 'https://download.example/path'],
    ['origins', 'http://download.example'],
    ['origins', '*'],
  ])('%s cannot be %j', (option, value) => {
    const declared = { baseUrl: 'https://graph.example', origins: undefined, allowHttpLoopback: false };
    const changed = option === 'baseUrl' ? { ...declared, baseUrl: value } : { ...declared, origins: [value] };
    expect(() => readEgress(changed)).toThrow(
      expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(`\`${option}\``) }),
    );
  });

  test('may be plain http on loopback hosts alone, and only if that is allowed', () => {
    for (const host of ['localhost:8080', '127.0.0.1', '127.9.9.9:1', '[::1]:8080']) {
      expect(readEgress({ baseUrl: `http://${host}/`, origins: undefined, allowHttpLoopback: true }).base.url.protocol).toBe('http:');
    }
    for (const host of ['localhost.evil.test', '127.0.0.1.evil.test', '128.0.0.1', '[::2]', 'graph.example']) {
      expect(() => readEgress({ baseUrl: `http://${host}/`, origins: undefined, allowHttpLoopback: true })).toThrow(/is not https/);
    }
  });
});
