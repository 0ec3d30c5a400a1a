/** The header of a client assertion: its explicit type, and which key signed it. RFC 7515 §4.1, RFC 8725 §3.11. */
import type { ClientCertificate } from '../certificate/certificate.ts';
import { ProtocolError, quote } from '../errors.ts';
import { requireText } from '../jws/members.ts';
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
  const header: Record<string, unknown> = { typ: requireText(type, "The assertion's type") };
  if (keyId !== undefined) header['kid'] = requireText(keyId, "The assertion's keyId");
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
  if (thumbprint === 'x5t#S256') header['x5t#S256'] = requireText(certificate.x5tS256, "The certificate's x5t#S256");
  if (thumbprint === 'x5t') header['x5t'] = requireText(certificate.x5t, "The certificate's x5t");
  // RFC 7515 §4.1.6: an array of padded base64, also for one certificate.
  if (sendChain) header['x5c'] = requireChain(certificate.x5c);
  return header;
}

function requireChain(chain: readonly string[]): readonly string[] {
  if (Array.isArray(chain) && chain.length > 0) return chain.map((der) => requireText(der, "A part of the certificate's x5c"));
  throw new ProtocolError('invalid_parameter', `The certificate's x5c is ${quote(chain)}; it must be a list of texts`);
}

const THUMBPRINTS: ReadonlySet<string> = new Set(['x5t#S256', 'x5t', 'none']);
