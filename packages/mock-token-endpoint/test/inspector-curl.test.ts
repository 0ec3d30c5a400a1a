/** An exchange of the inspector as a curl command: what a shell makes of it, whatever a client sent, and what stays masked. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';

// Written for browsers, without a declaration: what they take and give is stated in their comments.
const { curlCommand, tokenCommand } = await import(new URL('../inspector/curl.js', import.meta.url).href);
const { mask, maskTarget } = await import(new URL('../inspector/mask.js', import.meta.url).href);

const JWT = 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJtZSJ9.c2ln';
const SECRET = 'Mock~secret';
const origins = { public: 'https://127.0.0.1:1', mtls: 'https://127.0.0.1:2', local: 'http://127.0.0.1:3' };
const entry = {
  method: 'POST',
  path: '/contoso.example/oauth2/v2.0/token',
  listener: 'public',
  headers: { host: '127.0.0.1:1', 'content-length': '7', 'user-agent': 'daemon' },
  form: { client_id: "it's", client_secret: SECRET },
};

/** The arguments that a shell hands to curl. */
function argumentsOf(command: string): string[] {
  const print = 'curl() { printf "%s\\0" "$@"; }';
  const env = { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: '/ca.pem', ACCESS_TOKEN: 'the token' };
  return execFileSync('sh', ['-c', `${print}\n${command}`], { env, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

test('the command is the request: its method, its headers but those curl sets, and its fields encoded', () => {
  expect(argumentsOf(curlCommand(entry, { origins, isRevealed: () => true }))).toEqual([
    '--include',
    '--globoff',
    '--path-as-is',
    'https://127.0.0.1:1/contoso.example/oauth2/v2.0/token',
    '--cacert',
    '/ca.pem',
    '--request',
    'POST',
    '--header',
    'user-agent: daemon',
    '--data-raw',
    'client_id=it%27s',
    '--data-raw',
    `client_secret=${new URLSearchParams([['', SECRET]]).toString().slice(1)}`,
  ]);
});

test('the command for a first token is one line, and a shell puts the secret in', () => {
  const target = { tokenEndpoint: 'https://127.0.0.1:1/t/oauth2/v2.0/token', clientId: "it's", scope: 'https://api/.default' };
  const command: string = tokenCommand(target);
  expect(command).not.toContain('\n');
  expect(argumentsOf(`CLIENT_SECRET='a b'; ${command}`)).toEqual([
    '--cacert',
    '/ca.pem',
    'https://127.0.0.1:1/t/oauth2/v2.0/token',
    '--data-raw',
    'grant_type=client_credentials',
    '--data-raw',
    'client_id=it%27s',
    '--data-urlencode',
    'client_secret=a b',
    '--data-raw',
    'scope=https%3A%2F%2Fapi%2F.default',
  ]);
  expect(argumentsOf(tokenCommand({ ...target, tokenEndpoint: 'http://127.0.0.1:1/token' }))[0]).toBe('http://127.0.0.1:1/token');
});

test('a credential is masked wherever it stands, unless it is revealed', () => {
  const nasty = {
    ...entry,
    path: `/token?client_secret=${SECRET}&a=b`,
    headers: { authorization: `Basic ${btoa(`id:${SECRET}`)}`, 'x-identity-header': SECRET, cookie: `session=${SECRET}`, dpop: JWT },
    form: { client_secret: SECRET, client_assertion: JWT, password: SECRET, other: `x ${JWT}` },
  };
  const masked = curlCommand(nasty, { origins, isRevealed: () => false });
  expect(masked).not.toContain(SECRET);
  expect(masked).not.toContain('eyJ');
  expect(masked).not.toContain(btoa(`id:${SECRET}`));
  expect(masked).toContain("'https://127.0.0.1:1/token?client_secret=••••••••&a=b'");
  expect(masked).toContain("'authorization: Basic ••••••••'");
  const one = curlCommand(nasty, { origins, isRevealed: (part: string, name: string) => part === 'form' && name === 'password' });
  expect(one.split(SECRET.replace('~', '%7E'))).toHaveLength(2);
});

test('a token is a variable: the journal knows its digest only', () => {
  const headers = { authorization: `DPoP sha256:${'a'.repeat(43)}` };
  const command = curlCommand(
    { ...entry, method: 'HEAD', listener: 'local', headers, form: undefined },
    { origins, isRevealed: () => false },
  );
  expect(argumentsOf(command).slice(4)).toEqual(['--head', '--header', 'authorization: DPoP the token']);
});

test('a shell runs nothing of what a client sent, and a terminal gets no control character', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'; touch x; '", '$(id)', '`id`', '\\', '\u001b[201~\n', "'\\''", '@/etc/passwd'),
  );
  fc.assert(
    fc.property(text, text, text, (path, header, field) => {
      const hostile = { ...entry, path: `/${path}`, headers: { 'x-header': header, authorization: header }, form: { [field]: field } };
      const command: string = curlCommand(hostile, { origins, isRevealed: () => true });
      expect(command.replaceAll(' \\\n  ', ' ')).toMatch(/^[\x20-\x7e]*$/);
      expect(argumentsOf(command).filter((each) => each.startsWith('--'))).toEqual([
        '--include',
        '--globoff',
        '--path-as-is',
        '--cacert',
        '--request',
        '--header',
        '--header',
        '--data-raw',
      ]);
    }),
    { numRuns: 50 },
  );
});

test('what describes a credential, and a digest, is no credential', () => {
  for (const [name, value] of [
    ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    ['token_type', 'Bearer'],
    ['token_endpoint', 'https://127.0.0.1/token'],
    ['access_token', `sha256:${'a'.repeat(43)}`],
    ['client_id', 'daemon'],
  ]) {
    expect(mask(name, value)).toBe(value);
  }
  expect(mask('authorization', 'credentials-without-a-scheme')).toBe('••••••••');
  expect(maskTarget('/token?assertion=x&assertion_type=y')).toBe('/token?assertion=••••••••&assertion_type=y');
});

test('masking takes time in proportion to what a client sent', () => {
  for (const hostile of ['eyJ'.repeat(400_000), 'eyJa.'.repeat(200_000), 'eyJa.a'.repeat(200_000)]) mask('other', hostile);
});
