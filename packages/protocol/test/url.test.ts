import { expect, test } from 'vitest';
import { parseEndpoint, quoteUrl } from '../src/url.ts';

const name = 'The token endpoint';

test('CC-05: a query is kept, and https with any host and port is let through', () => {
  expect(parseEndpoint('https://as.example:8443/t?tenant=1', { name }).href).toBe('https://as.example:8443/t?tenant=1');
});

test.each([
  ['https://as.example/t#x', 'fragment'],
  ['https://as.example/t#', 'fragment'],
  ['https://user:pass@as.example/t', 'user information'],
  ['https://@as.example/t', 'user information'],
  ['http://as.example/t', 'https'],
  ['http://127.0.0.1.evil.example/t', 'https'],
  ['ftp://as.example/t', 'scheme'],
  ['//as.example/t', 'absolute'],
  ['https://as.example/ t', 'white space'],
  ['https://as.example/\nt', 'white space'],
  ['https:\\\\as.example/t', 'backslash'],
  ['https://bücher.example/t', 'outside ASCII'],
  ['', 'white space'],
  ['https:/user:marker@as.example/t', 'absolute'],
  ['https:user:marker@as.example/t', 'absolute'],
  ['https:///user:marker@as.example/t', 'absolute'],
  ['https:as.example/t', 'absolute'],
  ['https://user:marker@as.example/t?marker#marker', 'fragment'],
])('CC-05, CC-07: %j is refused, and the message says why (%s)', (url, why) => {
  expect(() => parseEndpoint(url, { name, allowHttpLoopback: true })).toThrowError(
    expect.objectContaining({ code: 'invalid_url', message: expect.stringContaining(why) }),
  );
});

test.each(['https://user:marker@as.example/t', 'https://as.example/t?marker#marker', 'http://as.example/?marker'])(
  'CC-32: what may be secret in %s stands in no message',
  (url) => {
    expect(() => parseEndpoint(url, { name })).toThrowError(expect.objectContaining({ message: expect.not.stringContaining('marker') }));
  },
);

test.each(['http://127.0.0.1:8080/t', 'http://localhost/t', 'http://[::1]/t'])('CC-07: %s needs the explicit switch', (url) => {
  expect(() => parseEndpoint(url, { name })).toThrowError(
    expect.objectContaining({ code: 'invalid_url', message: expect.stringContaining('allowHttpLoopback') }),
  );
  expect(parseEndpoint(url, { name, allowHttpLoopback: true }).href).toBe(url);
});

test.each([
  'https://user:mar/ker@as.example/t',
  'https://user:mar?ker@as.example/t',
  'https://user:mar#ker@as.example/t',
  'user:mar-ker@as.example',
  'http://user:mar-ker@@as.example/',
])('CC-32: a password with the marks at which a URL is cut shows in no message: %s', (url) => {
  expect(() => parseEndpoint(url, { name })).toThrowError(expect.objectContaining({ message: expect.not.stringMatching(/mar|ker/) }));
});

test.each([undefined, null, 7, {}, ['https://as.example/t']])('CC-07: %j is no URL', (text) => {
  expect(() => parseEndpoint(text as unknown as string, { name })).toThrowError(expect.objectContaining({ code: 'invalid_url' }));
});

test('CC-05: the message names the endpoint and shows the rest of the URL', () => {
  expect(() => parseEndpoint('http://as.example/t', { name })).toThrowError(/^The token endpoint is "http:\/\/as\.example\/t": /);
});

test('an at sign in the path is no user information', () => {
  expect(parseEndpoint('https://as.example/a@b', { name }).pathname).toBe('/a@b');
});

test.each([
  ['https://as.example/a', '"https://as.example/a"'],
  ['https://as.example/a?key=marker', '"https://as.example/a"'],
  ['https://as.example/a#marker', '"https://as.example/a"'],
  ['https://u:marker@as.example/a', '"…@as.example/a"'],
  ['https://u:mar\n?ker@as.example/a?marker', '"…@as.example/a"'],
  [7, '7'],
  [undefined, 'undefined'],
  [{ url: 'marker' }, 'an object'],
])('CC-32: %j stands in a message as %s', (url, shown) => {
  expect(quoteUrl(url)).toBe(shown);
});
