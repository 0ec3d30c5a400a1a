/** A client certificate is shown by whoever makes the connection. RFC 8705 §2. */
import { TokenSourceError } from '../errors.ts';
import type { HttpRequest } from './transport.ts';

/** @throws {TokenSourceError} `invalid_configuration` if there is a certificate to show, and what this option gives could not be told */
export function requireNoIdentity(tls: HttpRequest['tls'], option: 'dispatcher' | 'fetch'): void {
  if (tls === undefined) return;
  throw new TokenSourceError(
    'invalid_configuration',
    `The credential shows a certificate on the connection, and the option ${option} makes the connections itself; leave ${option} out`,
  );
}
