import { expect, test } from 'vitest';
import { networkError } from '../src/transport/network-error.ts';

const withCode = (code: string): Error => Object.assign(new Error('marker'), { code });
const url = 'https://as.example/token?marker=1';

test.each<readonly [string, unknown, boolean, string]>([
  ['a refused connection', withCode('ECONNREFUSED'), true, 'https://as.example gave no whole answer (ECONNREFUSED)'],
  ['all addresses tried', new AggregateError([withCode('ETIMEDOUT'), withCode('ENETUNREACH')]), true, '(ETIMEDOUT)'],
  ['the reason below a fetch', new TypeError('fetch failed', { cause: withCode('ENOTFOUND') }), true, '(ENOTFOUND)'],
  ['an error without a code', new TypeError('marker'), true, '(TypeError)'],
  [
    'an answer that is no HTTP',
    Object.assign(new Error('marker'), { name: 'HTTPParserError', code: undefined }),
    true,
    '(HTTPParserError)',
  ],
  ['what is no error', 'marker', true, '(no reason was given)'],
  ['an unknown root', withCode('SELF_SIGNED_CERT_IN_CHAIN'), false, 'NODE_EXTRA_CA_CERTS'],
  ['a certificate for another host', withCode('ERR_TLS_CERT_ALTNAME_INVALID'), false, 'check the host name'],
  ['a refused client certificate', withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), false, 'refused the client certificate'],
  ['a client certificate of an unknown root', withCode('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), false, 'refused the client certificate'],
  ['an expired certificate', withCode('CERT_HAS_EXPIRED'), false, '(CERT_HAS_EXPIRED)'],
])('%s is said in words, without what was sent, received or thrown', (_, error, transient, words) => {
  const found = networkError(error, url);
  expect(found).toMatchObject({ code: 'network', transient, message: expect.stringContaining(words) });
  expect(found.message).not.toContain('marker');
  expect(found).not.toHaveProperty('cause');
});
