/** The header of a client assertion: its explicit type, and which key signed it. RFC 7515 §4.1, RFC 8725 §3.11. */
import type { ClientCertificate } from '../certificate/certificate.ts';
import { ProtocolError, quote } from '../errors.ts';
import type { ThumbprintHeader } from './profile.ts';

/**
 * `typ`, then `kid`, the certificate's thumbprint and its chain, as asked. `alg` is the signer's to say.
 *
 * @throws {ProtocolError} `invalid_parameter` if a thumbprint or chain is wanted and there is no certificate, or if a text is none
 * @see RFC 7515 §4.1 https://www.rfc-editor.org/rfc/rfc7515#section-4.1
 */
export function buildAssertionHeader(fields: {
  readonly type: string;
  readonly keyId: string | undefined;
  readonly thumbprint: ThumbprintHeader;
  readonly sendChain: boolean;
  readonly certificate: ClientCertificate | undefined;
}): Readonly<Record<string, unknown>> {
  const { type, keyId, thumbprint, sendChain, certificate } = fields;
  const header: Record<string, unknown> = { typ: requireText('type', type) };
  if (keyId !== undefined) header['kid'] = requireText('keyId', keyId);
  if (!THUMBPRINTS.has(thumbprint)) {
    throw new ProtocolError('invalid_parameter', `The thumbprint is ${quote(thumbprint)}; it must be "x5t#S256", "x5t" or "none"`);
  }
  if (thumbprint === 'none' && !sendChain) return header;
  if (certificate === undefined) {
    throw new ProtocolError(
      'invalid_parameter',
      `The ${sendChain ? 'chain' : thumbprint} in the header wants a certificate; give one, or a keyId alone`,
    );
  }
  if (thumbprint === 'x5t#S256') header['x5t#S256'] = certificate.x5tS256;
  if (thumbprint === 'x5t') header['x5t'] = certificate.x5t;
  // RFC 7515 §4.1.6: an array of padded base64, also for one certificate.
  if (sendChain) header['x5c'] = certificate.x5c;
  return header;
}

function requireText(name: string, value: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ProtocolError('invalid_parameter', `The assertion's ${name} is ${quote(value)}; it must be a text`);
}

const THUMBPRINTS: ReadonlySet<string> = new Set(['x5t#S256', 'x5t', 'none']);
