/** Says in words why no answer came, without repeating what was sent or received. */
import { TokenSourceError } from '../errors.ts';

/**
 * The error for a request that got no whole answer. The lower error is not kept as the cause: some of undici's hold what
 * was received.
 */
export function networkError(error: unknown, url: string): TokenSourceError {
  const { code, message } = rootOf(error);
  const { origin } = new URL(url);
  if (IDENTITY_REFUSED.test(code)) {
    const advice = 'give the credential a certificate that the server knows, or one at all';
    return new TokenSourceError('network', `${origin} refused the client certificate of the connection (${code}): ${advice}`);
  }
  if (CERTIFICATE_REFUSED.test(code)) {
    const advice = 'check the host name, or trust its root with the option ca or NODE_EXTRA_CA_CERTS';
    return new TokenSourceError('network', `${origin} showed a certificate that is not trusted (${code}): ${advice}`);
  }
  if (WRONGLY_CONFIGURED.test(code)) {
    const message = `The request to ${origin} cannot be sent as configured (${code}); check the options ca, dispatcher and fetch`;
    return new TokenSourceError('invalid_configuration', message);
  }
  return new TokenSourceError(
    'network',
    `${origin} gave no whole answer (${code === '' ? message : code}); check the network, DNS and proxy`,
    { transient: true },
  );
}

/** `fetch` wraps the reason as a cause, and a connection tried over several addresses as a list. */
function rootOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', message: 'no reason was given' };
  if (error.cause instanceof Error) return rootOf(error.cause);
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message: error.name };
}

/** What Node and undici say of an argument they cannot use. */
const WRONGLY_CONFIGURED = /^(ERR_INVALID_|UND_ERR_INVALID_|ERR_OSSL_PEM)/;
/** What OpenSSL makes of a server's alert about the client's certificate. RFC 8446 §6.2. */
const IDENTITY_REFUSED = /_ALERT_(.*CERTIFICATE|UNKNOWN_CA)/;
/** The codes with which OpenSSL and Node refuse a server's certificate. */
const CERTIFICATE_REFUSED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_/;
