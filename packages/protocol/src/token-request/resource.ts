/** The `resource` parameter: which API the token is for. RFC 8707 §2. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import { ProtocolError, quote } from '../errors.ts';

/**
 * The resources, in their order; empty if none was given. It is the one parameter that may be sent more than once.
 *
 * @throws {ProtocolError} `invalid_parameter` for what is no absolute URI without a fragment, and for any with Entra
 * @see RFC 8707 §2 https://www.rfc-editor.org/rfc/rfc8707#section-2
 */
export function parseResource(
  resource: string | readonly string[] | undefined,
  server: Pick<AuthorizationServer, 'profile'>,
): readonly string[] {
  const resources = [resource ?? []].flat().filter((one) => one !== '');
  const [first] = resources;
  // Entra: its v2 endpoint answers a `resource` parameter with AADSTS901002.
  if (first !== undefined && isEntra(server)) {
    throw new ProtocolError(
      'invalid_parameter',
      `Entra's v2 endpoint takes no resource parameter, and ${quote(first)} is given; ask for the scope "{resource}/.default"`,
    );
  }
  for (const one of resources) {
    if (typeof one !== 'string' || !ABSOLUTE_URI.test(one)) {
      throw new ProtocolError('invalid_parameter', `The resource ${quote(one)} is not an absolute URI without a fragment (RFC 8707 §2)`);
    }
  }
  return resources;
}

/** RFC 3986 §4.3: a scheme, and then the characters a URI is written in; a `#` is not among them. */
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?[\]@!$&'()*+,;=%-]+$/;
