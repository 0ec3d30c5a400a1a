/** A certificate and its private key, for signed client assertions. RFC 7523 §2.2. */
import {
  type AssertionOverrides,
  type ClientCertificate,
  privateKeyJwt,
  readCertificate,
  requireInForce,
} from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Credential, LoadedCredential } from './credential.ts';
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
 * A certificate, or a function that returns the present one. It is parsed anew only when its content changed. It is used
 * whatever methods the server's metadata list: some servers leave `private_key_jwt` out.
 *
 * @param options  what shall differ from the authority's profile of the assertion
 * @throws {ProtocolError} from `getToken`, before anything is sent, as `readCertificate` and `privateKeyJwt` do
 * @see RFC 7523 §2.2 https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export function certificate(source: Value<CertificateSource>, options: AssertionOverrides = {}): Credential {
  let parsed: ParsedCertificate | undefined;
  return {
    kind: 'certificate',
    async load({ now }) {
      const nowMs = now();
      const text = await readSource(source);
      if (parsed === undefined || !isSameText(parsed.text, text)) parsed = parseCertificate(text, { nowMs, options });
      requireInForce(parsed.certificate, nowMs);
      return parsed.loaded;
    },
  };
}

/** A source with all its functions asked and its octets read, so that a buffer overwritten later is noticed. */
interface CertificateText {
  readonly pem: string;
  readonly privateKey: string | undefined;
  readonly passphrase: string | undefined;
}

interface ParsedCertificate {
  readonly text: CertificateText;
  readonly certificate: ClientCertificate;
  readonly loaded: LoadedCredential;
}

function parseCertificate(text: CertificateText, { nowMs, options }: { nowMs: number; options: AssertionOverrides }): ParsedCertificate {
  const held = readCertificate({ ...text, nowMs });
  const authentication = privateKeyJwt({ certificate: held, ...options });
  const loaded: LoadedCredential = {
    kind: 'certificate',
    fingerprint: held.x5tS256,
    expiresAtMs: held.notAfterMs,
    authentication: () => authentication,
  };
  return { text, certificate: held, loaded };
}

async function readSource(source: Value<CertificateSource>): Promise<CertificateText> {
  const { pem, privateKey, passphrase } = (await currentValue(source, 'certificate')) ?? {};
  if (pem === undefined) {
    throw new TokenSourceError('invalid_configuration', 'The certificate credential has no pem; give the PEM text of certificate and key');
  }
  return {
    pem: textOf(pem),
    privateKey: privateKey === undefined ? undefined : textOf(privateKey),
    passphrase: passphrase === undefined ? undefined : await currentValue(passphrase, 'passphrase'),
  };
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
}

function isSameText(one: CertificateText, other: CertificateText): boolean {
  return one.pem === other.pem && one.privateKey === other.privateKey && one.passphrase === other.passphrase;
}
