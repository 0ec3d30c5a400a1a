/** A certificate and its private key, for signed client assertions. RFC 7523 §2.2. */
import { type AssertionOverrides, type ClientCertificate, privateKeyJwt, readCertificate } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Credential } from './credential.ts';
import { currentValue, type Value } from './value.ts';

/** Where the certificate and its key are. */
export interface CertificateSource {
  /** Certificate, chain and key in PEM. */
  pem?: string | Uint8Array | undefined;
  /** The key in PEM, where it is not in `pem`. */
  privateKey?: string | Uint8Array | undefined;
  /** Opens an encrypted key. */
  passphrase?: Value<string> | undefined;
}

/**
 * A certificate, or a function that returns the present one. It is parsed anew only when its content changed.
 *
 * @param options  what shall differ from the authority's profile of the assertion
 * @throws {ProtocolError} from `getToken`, as `readCertificate` and `buildClientAssertion` do
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function certificate(source: Value<CertificateSource>, options: AssertionOverrides = {}): Credential {
  let parsed: ParsedCertificate | undefined;
  return {
    kind: 'certificate',
    async load({ nowMs }) {
      const text = await readSource(source);
      if (parsed === undefined || !isSameText(parsed.text, text)) parsed = { text, certificate: readCertificate({ ...text, nowMs }) };
      const authentication = privateKeyJwt({ certificate: parsed.certificate, ...options });
      return { authentication: () => authentication };
    },
  };
}

/** A source with all its functions asked. */
interface CertificateText {
  readonly pem: string | Uint8Array;
  readonly privateKey: string | Uint8Array | undefined;
  readonly passphrase: string | undefined;
}

interface ParsedCertificate {
  readonly text: CertificateText;
  readonly certificate: ClientCertificate;
}

async function readSource(source: Value<CertificateSource>): Promise<CertificateText> {
  const { pem, privateKey, passphrase } = await currentValue(source, 'certificate');
  if (pem === undefined)
    throw new TokenSourceError('invalid_configuration', 'The certificate credential has no pem; give the PEM text of certificate and key');
  return { pem, privateKey, passphrase: passphrase === undefined ? undefined : await currentValue(passphrase, 'passphrase') };
}

function isSameText(one: CertificateText, other: CertificateText): boolean {
  return isSame(one.pem, other.pem) && isSame(one.privateKey, other.privateKey) && one.passphrase === other.passphrase;
}

function isSame(one: string | Uint8Array | undefined, other: string | Uint8Array | undefined): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  return one === other;
}
